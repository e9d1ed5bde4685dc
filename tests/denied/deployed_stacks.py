"""Two deployed stacks, without Airflow, and clients for each principal that tries something."""

from __future__ import annotations

import json
import re
import runpy
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from bootstrap.policies.trusts import github_provider_arn
from local.deployment.creation import Existing
from local.deployment.monitor import AwsMonitor
from local.deployment.program import evaluate
from local.deployment.removal import remove
from local.deployment.services.mwaa import ENVIRONMENT
from local.deployment.stack_file import Stack, read_stack
from local.deployment.stopping import Stop
from local.run.changed_stack import with_change
from local.run.prerequisites import bootstrap_accounts
from local.run.run_directory import CHECKOUT
from tests.denied.resource_names import Owner, owners

ACCOUNTS = {
    "central": "111111111111",
    "analytics": "222222222222",
    "research": "333333333333",
    "team": "444444444444",
    "foreign": "999999999999",
}
"""The accounts by the names that the attempts have for them; nothing is deployed in `foreign`."""

STACKS = ("local", str(Path(__file__).parent / "Pulumi.neighbours.yaml"))

ROLES = {
    "execution": "execution",
    "flow-log": "flow-logs",
    "rotation": "rotation",
    "cross-account": "crossaccount",
    "Glue": "glue",
    "replication": "replication",
    "batch": "batch",
    "SageMaker": "sagemaker",
    "Lambda": "dagcleanup",
}
"""Kinds of roles, and the purpose in the name of each."""

ANONYMOUS = "any caller, without a signature"

GITHUB_JOB = "job on GitHub"
"""What a principal that shows GitHub's token begins with; its claims are the request's keys."""

_ROLE = re.compile(r"(?P<kind>[\w-]+) role of (?P<owner>\w+)")
_NAMESAKE = re.compile(r"(?P<how>namesake|near-namesake) of the (?P<role>.+) in (?P<account>\w+)")
_ALLOW_ALL = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
)

Credentials = Mapping[str, str]


class _WithoutAirflow(AwsMonitor):
    """Creates everything but the environment, which nothing here needs: its role is elsewhere."""

    def _create(self, request: Any, urn: str) -> tuple[str, dict[str, Any]]:
        if request.type == ENVIRONMENT.token:
            return "environment", {"webserverUrl": "", "arn": "environment"}
        return super()._create(request, urn)


@dataclass(frozen=True)
class Outcome:
    """The result of a call."""

    code: str
    """The error's code; empty where there was none."""

    message: str
    decisions: list[dict[str, Any]]
    """What the gateway recorded of it, in order."""


@dataclass
class DeployedStacks:
    """The embedded AWS with both stacks."""

    endpoint: str
    calls: Path
    """The gateway's record of authorized calls."""

    owners: dict[str, Owner]
    outputs: dict[str, Any]
    """The outputs of the stack `local`."""

    existing: dict[str, Sequence[Existing]]
    """What was deployed, by the name or path of the stack."""

    _sessions: dict[str, Credentials] = field(default_factory=dict)
    _callers: dict[str, str] = field(default_factory=lambda: {ANONYMOUS: "unsigned"})
    _clients: dict[tuple[str, str, str, bool], Any] = field(default_factory=dict)
    """By service, caller, Region and whether over TLS: making one takes longer than a call."""

    def role_arn(self, who: str) -> str:
        """The ARN of a role: `Glue role of east1`."""
        found = _ROLE.fullmatch(who)
        assert found, f"{who!r} is no role"
        owner, kind = self.owners[found["owner"]], found["kind"]
        bootstrapped = {
            "deploy": owner.names.deploy_role,
            "GitHub": owner.names.github_role,
            "operator": owner.names.operator_role,
            "preview": owner.names.preview_role,
        }
        if kind in bootstrapped:
            return f"arn:aws:iam::{owner.account}:role/{bootstrapped[kind]}"
        return owner.role_arn(ROLES[kind])

    def principal(self, who: str) -> str:
        """The ARN of a principal, a role's for its sessions; what policies compare with."""
        if who == ANONYMOUS:
            return who
        if who.startswith(GITHUB_JOB):
            return github_provider_arn("us-east-1", ACCOUNTS["central"])
        if _ROLE.fullmatch(who):
            return self.role_arn(who)
        account = self.account_of(who)
        if who.startswith("root of "):
            return f"arn:aws:iam::{account}:root"
        namesake = _NAMESAKE.fullmatch(who)
        if namesake is None:
            return f"arn:aws:iam::{account}:role/administrator"
        name = self.role_arn(namesake["role"]).rpartition("/")[2]
        ending = "-too" if namesake["how"] == "near-namesake" else ""
        return f"arn:aws:iam::{account}:role/{name}{ending}"

    def account_of(self, who: str) -> str:
        """The id of the account that a principal belongs to."""
        if _ROLE.fullmatch(who):
            return self.role_arn(who).split(":")[4]
        return ACCOUNTS[who.rpartition(" ")[2]]

    def root(self, service: str, account: str, region: str = "us-east-1") -> Any:
        """A client of an account's root."""
        (alias,) = [alias for alias, id_ in ACCOUNTS.items() if id_ == account]
        return self.client(service, f"root of {alias}", region)

    def client(self, service: str, who: str, region: str, *, tls: bool = True) -> Any:
        """A client that acts as a principal."""
        key = (service, who, region, tls)
        if key not in self._clients:
            credentials = None if who == ANONYMOUS else self._credentials(who)
            client = self._client(service, region, credentials)
            if not tls:
                client.meta.events.register("before-send", _count_as_plain_http)
            self._clients[key] = client
        return self._clients[key]

    def _client(self, service: str, region: str, credentials: Credentials | None) -> Any:
        config = Config(
            retries={"total_max_attempts": 1},
            inject_host_prefix=False,
            s3={"addressing_style": "path"},
            signature_version=UNSIGNED if credentials is None else None,
        )
        make: Any = self._boto3.client
        return make(
            service,
            endpoint_url=self.endpoint,
            region_name=region,
            config=config,
            **{f"aws_{name}": value for name, value in (credentials or {}).items()},
        )

    @cached_property
    def _boto3(self) -> boto3.session.Session:
        return boto3.session.Session()

    def _credentials(self, who: str) -> Credentials:
        if who not in self._sessions:
            self._sessions[who] = self._new_session(who)
        return self._sessions[who]

    def _new_session(self, who: str) -> Credentials:
        if who.startswith("root of "):
            return {"access_key_id": self.account_of(who), "secret_access_key": "x"}
        if _ROLE.fullmatch(who):
            return self._session_of_service_role(self.role_arn(who))
        self._make_administrator(self.principal(who))
        return self.assume(self.principal(who))

    def _make_administrator(self, arn: str) -> None:
        """A role that may do all that its own account can allow."""
        account, name = arn.split(":")[4], arn.rpartition("/")[2]
        iam = self.root("iam", account)
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=_own_account(account))
        iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=_ALLOW_ALL)

    def _session_of_service_role(self, arn: str) -> Credentials:
        """A session of a role that only a service may assume: its trust is changed for a moment."""
        account, name = arn.split(":")[4], arn.rpartition("/")[2]
        iam = self.root("iam", account)
        before = iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=_own_account(account))
        try:
            return self.assume(arn)
        finally:
            iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(before))

    def assume(self, arn: str) -> Credentials:
        """A session of a role that trusts its own account."""
        sts = self.root("sts", arn.split(":")[4])
        given = sts.assume_role(RoleArn=arn, RoleSessionName="attempt")["Credentials"]
        return {
            "access_key_id": given["AccessKeyId"],
            "secret_access_key": given["SecretAccessKey"],
            "session_token": given["SessionToken"],
        }

    def change(self) -> None:
        """Deploy both stacks again as their deploy roles, each with one setting changed."""
        for name, existing in self.existing.items():
            stack = with_change(read_stack(CHECKOUT, name))
            _, self.existing[name] = evaluated(stack, self.endpoint, existing)

    def remove(self) -> None:
        """Remove both stacks as their deploy roles."""
        for existing in self.existing.values():
            remove(existing, lambda: None, Stop())

    def recorded(self, after: int = 0) -> list[dict[str, Any]]:
        """The gateway's record from a position in its file on."""
        with self.calls.open("rb") as file:
            file.seek(after)
            return [json.loads(line) for line in file.read().decode().splitlines()]

    def call(
        self,
        operation: str,
        arguments: Mapping[str, Any],
        *,
        who: str,
        region: str,
        tls: bool,
        decided_for: str | None,
    ) -> Outcome:
        """Make a call and return its result; `operation` is `<service>.<method of boto3>`.

        `decided_for` is the service whose permissions decide, where it isn't the caller's.
        """
        service, _, method = operation.partition(".")
        client = self.client(service, who, region, tls=tls)
        caller = self._caller(who)
        before = self.calls.stat().st_size
        code = message = ""
        try:
            getattr(client, method)(**arguments)
        except ClientError as error:
            code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
        rows = self.recorded(before)
        return Outcome(
            code, message, [row for row in rows if row["principal"] == (decided_for or caller)]
        )

    def _caller(self, who: str) -> str:
        """The ARN by which the gateway records a principal; services work as other sessions."""
        if who not in self._callers:
            client = self.client("sts", who, "us-east-1")
            self._callers[who] = client.get_caller_identity()["Arn"]
        return self._callers[who]

    def settings(self, owner: Owner) -> set[str]:
        """What a bucket is set to: who owns objects, and which publicity is blocked."""
        s3 = self.root("s3", owner.account, owner.region)
        block = s3.get_public_access_block(Bucket=owner.bucket)["PublicAccessBlockConfiguration"]
        ownership = s3.get_bucket_ownership_controls(Bucket=owner.bucket)["OwnershipControls"]
        (rule,) = ownership["Rules"]
        return {name for name, on in block.items() if on} | {rule["ObjectOwnership"]}

    @contextmanager
    def bucket_without(self, owner: Owner, sid: str) -> Iterator[None]:
        """A bucket whose policy lacks a statement, for as long as the block lasts."""
        s3 = self.root("s3", owner.account, owner.region)
        before = s3.get_bucket_policy(Bucket=owner.bucket)["Policy"]
        document = json.loads(before)
        rest = [each for each in document["Statement"] if each["Sid"] != sid]
        assert len(rest) == len(document["Statement"]) - 1, sid
        document["Statement"] = rest
        s3.put_bucket_policy(Bucket=owner.bucket, Policy=json.dumps(document))
        try:
            yield
        finally:
            s3.put_bucket_policy(Bucket=owner.bucket, Policy=before)


def _own_account(account: str) -> str:
    """A trust policy for every principal that the role's own account lets."""
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _count_as_plain_http(request: Any, **_: Any) -> None:
    request.headers["x-local-plain-http"] = "1"


def deploy(endpoint: str, calls: Path) -> DeployedStacks:
    """Deploy both stacks, as `make local` deploys one, less the environments."""
    known: dict[str, Owner] = {}
    outputs: dict[str, Any] = {}
    existing: dict[str, Sequence[Existing]] = {}
    for name in STACKS:
        stack = read_stack(CHECKOUT, name)
        bootstrap_accounts(stack, endpoint, Stop())
        outputs[name], existing[name] = evaluated(stack, endpoint)
        known |= owners(stack, hub="hub" if name == "local" else "otherhub")
    return DeployedStacks(endpoint, calls, known, outputs["local"], existing)


def evaluated(
    stack: Stack, endpoint: str, before: Sequence[Existing] = ()
) -> tuple[dict[str, Any], Sequence[Existing]]:
    """The outputs of a stack, and what there is of it now."""
    monitor = _WithoutAirflow(lambda *_: None, Stop(), before)
    config = {**stack.config, f"{stack.project}:endpoint": endpoint}
    outputs = evaluate(
        lambda: runpy.run_path(str(CHECKOUT / "__main__.py"), run_name="__main__"),
        Stack(stack.project, stack.name, config),
        monitor,
    )
    return outputs, monitor.existing
