"""A role that the deploy role makes may be allowed anything, and uses no key but the stack's."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.denied.deployed_stacks import ACCOUNTS, DeployedStacks
from tests.denied.placeholders import Values

HUB = ACCOUNTS["central"]
NAME = "unified-pipelines-local-hub-greedy"
ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}
TRUST = {
    "Effect": "Allow",
    "Action": "sts:AssumeRole",
    "Principal": {"AWS": f"arn:aws:iam::{HUB}:root"},
}


def document(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture(scope="module")
def kms(stacks: DeployedStacks) -> Any:
    """A client of a new role that the deploy role has given all permissions."""
    iam = stacks.client("iam", "deploy role of hub", "us-east-1")
    iam.create_role(
        RoleName=NAME,
        AssumeRolePolicyDocument=document(TRUST),
        PermissionsBoundary=f"arn:aws:iam::{HUB}:policy/boundary-unified-pipelines-local",
    )
    iam.put_role_policy(RoleName=NAME, PolicyName="all", PolicyDocument=document(ALL))
    given = stacks.assume(f"arn:aws:iam::{HUB}:role/{NAME}")
    credentials: dict[str, Any] = {f"aws_{name}": value for name, value in given.items()}
    return boto3.client("kms", endpoint_url=stacks.endpoint, region_name="us-east-1", **credentials)


def test_it_uses_the_stacks_own_key(kms: Any, known: Values) -> None:
    blob = kms.encrypt(KeyId=known["hub.key"], Plaintext=b"1")["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"1"


def test_it_uses_no_key_of_another_project(stacks: DeployedStacks, kms: Any, known: Values) -> None:
    key = known["claimed key"]
    blob = stacks.root("kms", HUB).encrypt(KeyId=key, Plaintext=b"1")["CiphertextBlob"]
    with pytest.raises(ClientError, match="kms:Decrypt"):
        kms.decrypt(CiphertextBlob=blob)


@pytest.mark.parametrize("key", ["claimed key", "hub.key"])
def test_it_grants_no_key_on(kms: Any, known: Values, key: str) -> None:
    with pytest.raises(ClientError, match="kms:CreateGrant"):
        kms.create_grant(
            KeyId=known[key], GranteePrincipal=f"arn:aws:iam::{HUB}:root", Operations=["Decrypt"]
        )
