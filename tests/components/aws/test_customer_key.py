"""A customer key: one Region, rotated, never lost by accident."""

from __future__ import annotations

import functools

import pulumi
import pytest

from components.aws.customer_key import CustomerKey, CustomerKeyArgs
from components.aws.customer_key_policy import log_encryption, use_through_s3, via_service
from tests.mocks import Recorded, aws_provider, evaluate

ACCOUNT = "222222222222"
DEPLOY_ROLE = f"arn:aws:iam::{ACCOUNT}:role/deploy"


@functools.cache
def made(*, protect: bool) -> Recorded:
    def program() -> pulumi.Output[str]:
        return CustomerKey(
            "hub",
            CustomerKeyArgs(
                alias="prefix-hub-key",
                description="Everything of the hub",
                account_id=ACCOUNT,
                region="us-east-1",
                deploy_role_arn=DEPLOY_ROLE,
                statements=[log_encryption(ACCOUNT, "us-east-1", ["group"])],
                protect=protect,
            ),
            pulumi.ResourceOptions(provider=aws_provider(ACCOUNT, "us-east-1")),
        ).arn

    return evaluate(program)


def test_its_children_are_a_key_and_an_alias() -> None:
    recorded = made(protect=False)
    component = recorded.one("CustomerKey", "hub")
    assert component.type == "unified-pipelines:index:CustomerKey"
    assert recorded.tree(component.urn) == [("Alias", "hub-alias"), ("Key", "hub-key")]


def test_the_key_is_rotated_and_belongs_to_one_region() -> None:
    key = made(protect=False).one("kms/key:Key")
    assert key.inputs["enableKeyRotation"] is True
    assert key.inputs["multiRegion"] is False
    assert key.inputs["description"] == "Everything of the hub"


def test_the_policy_holds_the_delegation_and_what_was_added() -> None:
    statements = made(protect=False).one("kms/key:Key").document("policy")["Statement"]
    assert [each["Sid"] for each in statements] == [
        "AccountDelegation",
        "Administration",
        "Rotation",
        "Deployment",
        "LogEncryption",
    ]
    assert {each["Principal"].get("AWS") for each in statements[1:4]} == {DEPLOY_ROLE}
    assert statements[0]["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    assert statements[0]["Action"] == "kms:*"


@pytest.mark.parametrize(("protect", "days"), [(True, 30), (False, 7)])
def test_a_protected_key_stays_and_its_deletion_can_be_cancelled_longest(
    *, protect: bool, days: int
) -> None:
    key = made(protect=protect).one("kms/key:Key")
    assert key.protect is protect
    assert key.inputs["deletionWindowInDays"] == days


def test_the_alias_points_at_the_key() -> None:
    recorded = made(protect=False)
    alias = recorded.one("kms/alias:Alias").inputs
    assert alias["name"] == "alias/prefix-hub-key"
    assert alias["targetKeyId"] == recorded.one("kms/key:Key").outputs["keyId"]


def test_its_output_is_the_arn_of_the_key() -> None:
    recorded = made(protect=False)
    assert recorded.result == recorded.one("kms/key:Key").outputs["arn"]


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("us-west-2", "amazonaws.com"),
        ("us-gov-west-1", "amazonaws.com"),
        ("cn-north-1", "amazonaws.com.cn"),
    ],
)
def test_services_are_named_as_their_partition_names_them(region: str, host: str) -> None:
    condition = via_service(region, "sqs", "s3")
    assert condition == {
        "StringEquals": {"kms:ViaService": [f"sqs.{region}.{host}", f"s3.{region}.{host}"]}
    }
    logs = log_encryption(ACCOUNT, region, ["group"])
    assert logs["Principal"] == {"Service": f"logs.{region}.{host}"}


def test_use_through_s3_reads_unless_more_is_requested() -> None:
    assert use_through_s3("Use", "arn", "us-east-1") == {
        "Sid": "Use",
        "Effect": "Allow",
        "Action": "kms:Decrypt",
        "Resource": "arn",
        "Condition": {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}},
    }
