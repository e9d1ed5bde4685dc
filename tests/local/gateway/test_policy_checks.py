"""Policies that AWS refuses to store, also of a caller who may write them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.local.gateway.aws import (
    DATA,
    EAST,
    HUB,
    Aws,
    Statement,
    allow,
    document,
    refusal,
    service_trust,
    trust,
)

Principal = dict[str, str]


def _new_trust(aws: Aws, principal: Principal) -> None:
    aws.role("trusting", trusted=trust(principal))


def _changed_trust(aws: Aws, principal: Principal) -> None:
    role = aws.role("trusting").rpartition("/")[2]
    aws.client("iam").update_assume_role_policy(RoleName=role, PolicyDocument=trust(principal))


def _bucket_policy(aws: Aws, principal: Principal) -> None:
    name = aws.bucket()
    aws.client("s3").delete_public_access_block(Bucket=name)
    _keep_bucket_policy(aws, name, f"arn:aws:s3:::{name}/*", principal)


def _keep_bucket_policy(aws: Aws, bucket: str, resource: str, principal: Principal) -> None:
    statement = allow("s3:GetObject", resource, Principal=principal)
    aws.client("s3").put_bucket_policy(Bucket=bucket, Policy=document(statement))


def _new_key(aws: Aws, principal: Principal) -> None:
    aws.key(DATA, EAST, allow("kms:Decrypt", "*", Principal=principal))


def _changed_key(aws: Aws, principal: Principal) -> None:
    statement = allow("kms:Decrypt", "*", Principal=principal)
    aws.client("kms").put_key_policy(KeyId=aws.key(), Policy=document(_delegation(), statement))


def _secret_policy(aws: Aws, principal: Principal) -> None:
    secrets, name = aws.client("secretsmanager"), aws.unique("secret")
    secrets.create_secret(Name=name, SecretString="{}")
    statement = allow("secretsmanager:GetSecretValue", "*", Principal=principal)
    secrets.put_resource_policy(SecretId=name, ResourcePolicy=document(statement))


def _delegation() -> Statement:
    return allow("kms:*", "*", Principal={"AWS": f"arn:aws:iam::{DATA}:root"})


Keep = Callable[[Aws, Principal], None]

_KEPT: dict[Keep, str] = {
    _new_trust: "MalformedPolicyDocument",
    _changed_trust: "MalformedPolicyDocument",
    _bucket_policy: "MalformedPolicy",
    _new_key: "MalformedPolicyDocumentException",
    _changed_key: "MalformedPolicyDocumentException",
    _secret_policy: "MalformedPolicyDocumentException",
}
"""Every call that keeps a policy with principals, and the code with which AWS refuses one."""


@pytest.mark.parametrize("keep", _KEPT)
class TestPrincipals:
    """A role or user is named once it exists, in whichever account."""

    @pytest.mark.parametrize(
        "principal",
        [
            f"arn:aws:iam::{DATA}:role/nobody",
            f"arn:aws:iam::{HUB}:role/nobody",
            f"arn:aws:iam::{DATA}:user/nobody",
            f"arn:aws:iam::{DATA}:role/*",
            "AROAEXAMPLEEXAMPLE123",
        ],
    )
    def test_one_that_is_not_there(self, aws: Aws, keep: Keep, principal: str) -> None:
        said = refusal(lambda: keep(aws, {"AWS": principal}))
        assert said.startswith(f"{_KEPT[keep]}: ")
        assert f'"AWS":"{principal}"' in said

    def test_one_that_is_there_under_another_path(self, aws: Aws, keep: Keep) -> None:
        role = aws.role("named").replace(":role/", ":role/path/")
        said = refusal(lambda: keep(aws, {"AWS": role}))
        assert f'"AWS":"{role}"' in said

    @pytest.mark.parametrize("account", [DATA, HUB])
    def test_a_role(self, aws: Aws, keep: Keep, account: str) -> None:
        keep(aws, {"AWS": aws.role("named", by=account)})

    def test_a_user(self, aws: Aws, keep: Keep) -> None:
        user = aws.client("iam").create_user(UserName=aws.unique("user"))["User"]["Arn"]
        keep(aws, {"AWS": user})

    @pytest.mark.parametrize(
        "principal",
        [
            {"AWS": "arn:aws:iam::999999999999:root"},
            {"AWS": "999999999999"},
            {"AWS": "*"},
            {"Service": "glue.amazonaws.com"},
        ],
    )
    def test_an_account_everybody_and_a_service(
        self, aws: Aws, keep: Keep, principal: Principal
    ) -> None:
        keep(aws, principal)

    def test_a_roles_session(self, aws: Aws, keep: Keep) -> None:
        role = aws.role("named").rpartition("/")[2]
        keep(aws, {"AWS": f"arn:aws:sts::{DATA}:assumed-role/{role}/session"})


def test_a_principal_in_a_list_of_a_later_statement(aws: Aws) -> None:
    nobody = f"arn:aws:iam::{DATA}:role/nobody"
    bucket = aws.bucket()
    resource = f"arn:aws:s3:::{bucket}/*"
    statements = [
        allow("s3:GetObject", resource, Principal="*"),
        allow("s3:GetObject", resource, Principal={"AWS": [DATA, nobody]}),
    ]
    s3 = aws.client("s3")
    said = refusal(lambda: s3.put_bucket_policy(Bucket=bucket, Policy=document(*statements)))
    assert nobody in said


def test_a_refused_policy_changes_nothing(aws: Aws) -> None:
    role = aws.role("trusting", trusted=service_trust("glue.amazonaws.com"))
    iam, name = aws.client("iam"), role.rpartition("/")[2]
    before = iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
    nobody = trust({"AWS": f"arn:aws:iam::{DATA}:role/nobody"})
    refusal(lambda: iam.update_assume_role_policy(RoleName=name, PolicyDocument=nobody))
    assert iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"] == before


class TestResourceOfABucketPolicy:
    """It is the bucket, or objects of it."""

    @pytest.mark.parametrize("end", ["", "/*", "/folder/*"])
    def test_its_own(self, aws: Aws, end: str) -> None:
        bucket = aws.bucket()
        _keep_bucket_policy(aws, bucket, f"arn:aws:s3:::{bucket}{end}", {"AWS": DATA})

    @pytest.mark.parametrize("resource", ["arn:aws:s3:::another-bucket/*", "another-bucket", "*"])
    def test_another(self, aws: Aws, resource: str) -> None:
        bucket = aws.bucket()
        said = refusal(lambda: _keep_bucket_policy(aws, bucket, resource, {"AWS": DATA}))
        assert said == f"MalformedPolicy: Policy has invalid resource: {resource}"

    def test_one_whose_name_only_begins_alike(self, aws: Aws) -> None:
        bucket = aws.bucket()
        resource = f"arn:aws:s3:::{bucket}-more/*"
        said = refusal(lambda: _keep_bucket_policy(aws, bucket, resource, {"AWS": DATA}))
        assert said.startswith("MalformedPolicy: ")


class TestLockedOutOfAKey:
    """Whoever writes a key's policy has to stay able to write it, unless they insist."""

    @pytest.fixture
    def role(self, aws: Aws) -> str:
        return aws.role("keeper", allow(["kms:CreateKey", "kms:PutKeyPolicy"], "*"))

    def _create(self, aws: Aws, role: str, *statements: Statement, **more: Any) -> None:
        kms = aws.client("kms", aws.assume(role))
        kms.create_key(Policy=document(*statements), **more)

    def test_by_a_new_keys(self, aws: Aws, role: str) -> None:
        others = allow("kms:*", "*", Principal={"AWS": f"arn:aws:iam::{HUB}:root"})
        said = refusal(lambda: self._create(aws, role, others))
        assert said == (
            "MalformedPolicyDocumentException: "
            "The new key policy will not allow you to update the key policy in the future."
        )
        self._create(aws, role, others, BypassPolicyLockoutSafetyCheck=True)

    def test_by_a_keys_new_one(self, aws: Aws, role: str) -> None:
        key, kms = aws.key(), aws.client("kms", aws.assume(role))
        reading = allow("kms:Decrypt", "*", Principal={"AWS": role})
        arguments = {"KeyId": key, "Policy": document(reading)}
        assert "update the key policy" in refusal(lambda: kms.put_key_policy(**arguments))
        kms.put_key_policy(**arguments, BypassPolicyLockoutSafetyCheck=True)

    def test_not_by_one_that_names_the_writer(self, aws: Aws, role: str) -> None:
        self._create(aws, role, allow("kms:PutKeyPolicy", "*", Principal={"AWS": role}))

    def test_by_one_that_names_another_principal(self, aws: Aws, role: str) -> None:
        another = allow("kms:*", "*", Principal={"AWS": aws.role("another")})
        assert "update the key policy" in refusal(lambda: self._create(aws, role, another))

    def test_not_by_one_that_delegates_to_the_account(self, aws: Aws, role: str) -> None:
        self._create(aws, role, _delegation())

    def test_not_by_none_at_all(self, aws: Aws, role: str) -> None:
        aws.client("kms", aws.assume(role)).create_key()
