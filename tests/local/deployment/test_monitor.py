"""What a registration has to be like, and what happens to one that isn't."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_random as random
import pytest
from botocore.exceptions import ClientError

from local.deployment.errors import DeploymentError
from local.deployment.monitor import AwsMonitor
from local.deployment.program import evaluate
from local.deployment.removal_calls import no_call
from local.deployment.resource import Created, Resource
from local.deployment.services import RESOURCE_TYPES
from local.deployment.services.cloudwatch_logs import LOG_GROUP
from local.deployment.stack_file import Stack
from local.deployment.stopping import Stop, StoppedError
from tests.local.deployment.conftest import Account

Program = Callable[[Account], None]


def log_group(account: Account, name: str = "group", **options: Any) -> aws.cloudwatch.LogGroup:
    return aws.cloudwatch.LogGroup(name, name=name, opts=account.options(**options))


def log_groups_are_created_by(
    monkeypatch: pytest.MonkeyPatch, create: Callable[[Resource], Created]
) -> None:
    described = replace(LOG_GROUP, create=create, remove=no_call)
    monkeypatch.setitem(RESOURCE_TYPES, LOG_GROUP.token, described)


def unknown_type(account: Account) -> None:
    aws.lightsail.KeyPair("pair", opts=account.options())


def unknown_property(account: Account) -> None:
    aws.s3.Bucket("bucket", bucket="bucket", acl="private", opts=account.options())


def no_provider(_account: Account) -> None:
    aws.s3.Bucket("bucket", bucket="bucket")


def provider_of_another_package(_account: Account) -> None:
    aws.s3.Bucket(
        "bucket", bucket="b", opts=pulumi.ResourceOptions(provider=random.Provider("random"))
    )


def duplicate(account: Account) -> None:
    options = account.options()
    aws.s3.Bucket("bucket", bucket=f"one-{account.id}", opts=options)
    aws.s3.Bucket("bucket", bucket=f"two-{account.id}", opts=options)


def refused_by_aws(account: Account) -> None:
    aws.iam.RolePolicy("policy", name="policy", role="nobody", policy="{}", opts=account.options())


def against_the_model(account: Account) -> None:
    trust = '{"Version": "2012-10-17", "Statement": []}'
    aws.iam.Role(
        "role",
        name="r" * 65,
        description="d" * 1001,
        assume_role_policy=trust,
        opts=account.options(),
    )


def a_number_against_the_model(account: Account) -> None:
    aws.lambda_.Function(
        "function",
        name="function",
        role=f"arn:aws:iam::{account.id}:role/function",
        code=pulumi.AssetArchive({"code.py": pulumi.StringAsset("")}),
        memory_size=1,
        opts=account.options(),
    )


def without_a_name(account: Account) -> None:
    aws.cloudwatch.LogGroup("group", opts=account.options())


def imported(account: Account) -> None:
    log_group(account, import_="group")


def read(account: Account) -> None:
    aws.cloudwatch.LogGroup.get("group", "group", opts=account.options())


def endpoint_elsewhere(account: Account) -> None:
    account.provider(endpoints=[aws.ProviderEndpointArgs(s3="https://s3.amazonaws.com")])


def no_endpoint(account: Account) -> None:
    provider = account.provider(endpoints=[aws.ProviderEndpointArgs(sts=account.endpoint)])
    aws.s3.Bucket("bucket", bucket="b", opts=pulumi.ResourceOptions(provider=provider))


def another_account(account: Account) -> None:
    account.provider(allowed_account_ids=["999999999999"])


def any_account(account: Account) -> None:
    account.provider(allowed_account_ids=[])


def provider_with_a_profile(account: Account) -> None:
    account.provider(profile="mine")


def unknown_function(account: Account) -> None:
    options = pulumi.InvokeOutputOptions(provider=account.provider())
    pulumi.export("id", aws.get_caller_identity_output(opts=options).account_id)


def function_without_provider(_account: Account) -> None:
    pulumi.export("zones", aws.get_availability_zones_output().names)


def unknown_argument(account: Account) -> None:
    options = pulumi.InvokeOutputOptions(provider=account.provider())
    zones = aws.get_availability_zones_output(all_availability_zones=True, opts=options)
    pulumi.export("zones", zones.names)


def refused_by_the_program(_account: Account) -> None:
    raise pulumi.RunError("the program's own sentence")


STACK = "urn:pulumi:test::project::pulumi:pulumi:Stack"


@pytest.mark.parametrize(
    ("program", "message"),
    [
        (
            unknown_type,
            rf"{STACK}\$aws:lightsail/keyPair:KeyPair::pair: .* describe it by a ResourceType",
        ),
        (unknown_property, r"aws:s3/bucket:Bucket::bucket: the property acl isn't known"),
        (no_provider, r"Bucket::bucket: it has no explicit provider of the package aws"),
        (provider_of_another_package, r"Bucket::bucket: it has no explicit provider of .* aws"),
        (duplicate, r"Bucket::bucket: it is registered twice"),
        (refused_by_aws, r"::policy: PutRolePolicy was refused: NoSuchEntity: .*nobody"),
        (
            against_the_model,
            r"::role: AWS would refuse CreateRole: RoleName: 65 .* 64 allowed; .*: 1001 .* most",
        ),
        (a_number_against_the_model, r"AWS would refuse CreateFunction: MemorySize: 1, at least"),
        (without_a_name, r"LogGroup::group: it has no name: .*components/aws/naming.py"),
        (imported, r"LogGroup::group: it imports an existing resource"),
        (read, r"LogGroup::group: it reads an existing resource"),
        (endpoint_elsewhere, r"aws::provider: its endpoint of s3 is https://s3.amazonaws.com"),
        (no_endpoint, r"Bucket::bucket: the provider provider has no endpoint for s3"),
        (another_account, r"aws::provider: .*allows only 999999999999"),
        (any_account, r"aws::provider: it has no allowedAccountIds"),
        (provider_with_a_profile, r"aws::provider: the provider argument profile isn't known"),
        (
            unknown_function,
            r"getCallerIdentity:getCallerIdentity: .* describe it by a ProviderFunction",
        ),
        (function_without_provider, r"getAvailabilityZones: it has no explicit provider"),
        (unknown_argument, r"getAvailabilityZones: the property allAvailabilityZones isn't known"),
        (refused_by_the_program, r"^the program's own sentence$"),
    ],
)
def test_a_refusal_names_the_resource_and_the_reason(
    account: Account, program: Program, message: str
) -> None:
    with pytest.raises(DeploymentError, match=message):
        account.deploy(lambda: program(account))


def test_a_failure_of_the_embedded_aws_is_no_refusal(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_resource: Resource) -> Created:
        answer: Any = {
            "Error": {"Code": "500", "Message": "No space left on device"},
            "ResponseMetadata": {"HTTPStatusCode": 500},
        }
        raise ClientError(answer, "CreateLogGroup")

    log_groups_are_created_by(monkeypatch, fail)

    with pytest.raises(DeploymentError, match="the embedded AWS itself failed at CreateLogGroup"):
        account.deploy(lambda: log_group(account))


def test_a_component_needs_no_provider_of_its_own(account: Account) -> None:
    class Component(pulumi.ComponentResource):
        def __init__(self) -> None:
            super().__init__("test:test:Component", "component")
            options = pulumi.ResourceOptions(parent=self, provider=account.provider())
            aws.cloudwatch.LogGroup("inner", name="inner", opts=options)

    account.deploy(Component)

    groups = account.client("logs").describe_log_groups()["logGroups"]
    assert [group["logGroupName"] for group in groups] == ["inner"]


def test_secrets_stay_secret_and_are_deployed_as_they_are(account: Account) -> None:
    secrecy: dict[str, bool] = {}

    def program() -> None:
        options = pulumi.ResourceOptions(provider=random.Provider("random"))
        password = random.RandomPassword("password", length=40, special=False, opts=options)
        secret = aws.secretsmanager.Secret("secret", name="secret", opts=account.options())
        version = aws.secretsmanager.SecretVersion(
            "version",
            secret_id=secret.id,
            secret_string=password.result,
            opts=pulumi.ResourceOptions(provider=secret_provider(secret)),
        )
        pulumi.export("string", version.secret_string)
        pulumi.export("is_secret", pulumi.Output.from_input(version.secret_string.is_secret()))
        pulumi.export("version", version.version_id)

    def secret_provider(secret: aws.secretsmanager.Secret) -> pulumi.ProviderResource:
        provider = secret._provider
        assert provider is not None
        return provider

    outputs = account.deploy(program).outputs
    secrecy["is_secret"] = outputs["is_secret"]

    assert secrecy == {"is_secret": True}
    assert len(outputs["string"]) == 40
    assert outputs["string"].isalnum()
    stored = account.client("secretsmanager").get_secret_value(SecretId="secret")
    assert stored["SecretString"] == outputs["string"]
    assert stored["VersionId"] == outputs["version"]


def test_the_first_failure_is_the_one_that_is_told(account: Account) -> None:
    def program() -> None:
        provider = account.provider()
        options = pulumi.ResourceOptions(provider=provider)
        bad = aws.iam.RolePolicy("bad", name="bad", role="nobody", policy="{}", opts=options)
        for number in range(20):
            aws.cloudwatch.LogGroup(
                f"group-{number}",
                name=f"group-{number}",
                opts=pulumi.ResourceOptions(provider=provider, depends_on=[bad]),
            )

    with pytest.raises(DeploymentError, match="RolePolicy::bad: PutRolePolicy was refused"):
        account.deploy(program)
    assert account.client("logs").describe_log_groups()["logGroups"] == []


def test_registrations_that_need_nothing_of_each_other_are_made_at_once(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = threading.Barrier(2)

    def meet(_resource: Resource) -> Created:
        together.wait(timeout=30)
        return Created("id")

    log_groups_are_created_by(monkeypatch, meet)

    def program() -> None:
        options = account.options()
        for name in ("one", "two"):
            aws.cloudwatch.LogGroup(name, name=name, opts=options)

    account.deploy(program)


def test_a_stop_ends_what_waits(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    stop = Stop()

    def wait(resource: Resource) -> Created:
        stop.request()
        resource.stop.pause(60)
        raise AssertionError("it waited to the end")

    log_groups_are_created_by(monkeypatch, wait)
    monitor = AwsMonitor(lambda *_: None, stop)

    with pytest.raises(StoppedError):
        evaluate(lambda: log_group(account), Stack("project", "test", {}), monitor)
    assert monitor.failure is None


def test_every_resource_is_reported_once_it_exists(account: Account) -> None:
    reported: list[tuple[str, str]] = []
    monitor = AwsMonitor(lambda type_, name: reported.append((type_, name)), Stop())

    evaluate(lambda: log_group(account), Stack("project", "test", {}), monitor)

    assert reported == [
        ("pulumi:providers:aws", "provider"),
        (LOG_GROUP.token, "group"),
    ]


def test_programs_are_evaluated_one_after_the_other_without_a_trace(account: Account) -> None:
    def program() -> None:
        pulumi.export("stack", json.dumps([pulumi.get_project(), pulumi.get_stack()]))

    first = evaluate(program, Stack("one", "a", {}), AwsMonitor(lambda *_: None, Stop()))
    second = evaluate(program, Stack("two", "b", {}), AwsMonitor(lambda *_: None, Stop()))

    assert json.loads(first["stack"]) == ["one", "a"]
    assert json.loads(second["stack"]) == ["two", "b"]
