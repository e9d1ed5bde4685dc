"""Roles, policies, secrets and passwords."""

from __future__ import annotations

import json
import string

import pulumi
import pulumi_aws as aws
import pulumi_random as random
import pytest

from tests.local.deployment.conftest import Account

READ = {
    "Version": "2012-10-17",
    "Statement": [
        {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
    ],
}


def trust(account: Account) -> dict[str, object]:
    principal = {"AWS": f"arn:aws:iam::{account.id}:root"}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def test_a_role_with_all_its_policies(account: Account) -> None:
    def program() -> None:
        options = account.options()
        boundary = aws.iam.Policy(
            "boundary", name="boundary", policy=json.dumps(READ), opts=options
        )
        role = aws.iam.Role(
            "role",
            name="role",
            description="what for",
            assume_role_policy=json.dumps(trust(account)),
            permissions_boundary=boundary.arn,
            opts=options,
        )
        inline = aws.iam.RolePolicy(
            "inline", name="inline", role=role.name, policy=json.dumps(READ), opts=options
        )
        managed = aws.iam.Policy(
            "managed", name="managed", description="x", policy=json.dumps(READ), opts=options
        )
        aws.iam.RolePolicyAttachment(
            "attachment", role=role.name, policy_arn=managed.arn, opts=options
        )
        pulumi.export("ids", [role.id, inline.id, managed.id])
        pulumi.export("arns", [role.arn, managed.arn])

    outputs = account.deploy(program).outputs

    start = f"arn:aws:iam::{account.id}"
    assert outputs["ids"] == ["role", "role:inline", f"{start}:policy/managed"]
    assert outputs["arns"] == [f"{start}:role/role", f"{start}:policy/managed"]
    iam = account.client("iam")
    role = iam.get_role(RoleName="role")["Role"]
    assert role["AssumeRolePolicyDocument"] == trust(account)
    assert role["Description"] == "what for"
    boundary = role["PermissionsBoundary"]["PermissionsBoundaryArn"]
    assert boundary == f"{start}:policy/boundary"
    assert role["Tags"] == [{"Key": "stack", "Value": "test"}]
    inline = iam.get_role_policy(RoleName="role", PolicyName="inline")["PolicyDocument"]
    assert inline == READ
    attached = iam.list_attached_role_policies(RoleName="role")["AttachedPolicies"]
    assert [policy["PolicyName"] for policy in attached] == ["managed"]
    version = iam.get_policy_version(PolicyArn=f"{start}:policy/managed", VersionId="v1")
    assert version["PolicyVersion"]["Document"] == READ


def test_a_secret_with_its_value(account: Account) -> None:
    def program() -> None:
        options = account.options()
        key = aws.kms.Key("key", opts=options)
        secret = aws.secretsmanager.Secret(
            "secret",
            name="environment/connections/one",
            description="what for",
            kms_key_id=key.arn,
            recovery_window_in_days=0,
            opts=options,
        )
        version = aws.secretsmanager.SecretVersion(
            "version", secret_id=secret.id, secret_string='{"a": 1}', opts=options
        )
        pulumi.export("arn", secret.arn)
        pulumi.export("key", key.arn)
        pulumi.export("version", [version.id, version.version_id, version.version_stages])

    outputs = account.deploy(program).outputs

    manager = account.client("secretsmanager")
    described = manager.describe_secret(SecretId="environment/connections/one")
    assert (described["ARN"], described["KmsKeyId"]) == (outputs["arn"], outputs["key"])
    assert described["Description"] == "what for"
    assert described["Tags"] == [{"Key": "stack", "Value": "test"}]
    value = manager.get_secret_value(SecretId=outputs["arn"])
    assert value["SecretString"] == '{"a": 1}'
    version_id = value["VersionId"]
    assert outputs["version"] == [f"{outputs['arn']}|{version_id}", version_id, ["AWSCURRENT"]]


@pytest.mark.parametrize(
    ("special", "characters"),
    [
        (False, string.ascii_letters + string.digits),
        (True, string.ascii_letters + string.digits + "!@#$%&*()-_=+[]{}<>:?"),
    ],
)
def test_a_password_is_of_the_characters_that_were_asked_for(
    account: Account, *, special: bool, characters: str
) -> None:
    def program() -> None:
        options = pulumi.ResourceOptions(provider=random.Provider("random"))
        password = random.RandomPassword("password", length=3000, special=special, opts=options)
        pulumi.export("password", password.result)

    password = account.deploy(program).outputs["password"]

    assert len(password) == 3000
    # Among 3000 characters, every one of these shows up.
    assert set(password) == set(characters)
    assert account.deploy(program).outputs["password"] != password
