"""A bucket that lets two accounts in still refuses the one outside the organization."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from components.aws.organization import no_outsiders
from local.run.gateway import found_organization
from tests.denied.deployed_stacks import ACCOUNTS, DeployedStacks

ORGANIZATION = "o-exampleorgid"


@pytest.fixture(scope="module")
def bucket(stacks: DeployedStacks) -> str:
    name, s3 = "open-to-both", stacks.root("s3", ACCOUNTS["analytics"])
    s3.create_bucket(Bucket=name)
    arn = f"arn:aws:s3:::{name}"
    open_to_both: dict[str, Any] = {
        "Sid": "OpenToBoth",
        "Effect": "Allow",
        "Action": "s3:ListBucket",
        "Resource": arn,
        "Principal": {
            "AWS": [f"arn:aws:iam::{ACCOUNTS[each]}:root" for each in ("central", "foreign")]
        },
    }
    statements = [open_to_both, *no_outsiders(arn, ACCOUNTS["analytics"], ORGANIZATION)]
    policy = {"Version": "2012-10-17", "Statement": statements}
    found_organization(
        stacks.endpoint, ORGANIZATION, [ACCOUNTS[each] for each in ("analytics", "central")]
    )
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps(policy))
    return name


def test_another_account_of_it_comes_in(stacks: DeployedStacks, bucket: str) -> None:
    s3 = stacks.client("s3", "administrator of central", "us-east-1")
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_an_account_outside_it_does_not(stacks: DeployedStacks, bucket: str) -> None:
    s3 = stacks.client("s3", "administrator of foreign", "us-east-1")
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.list_objects_v2(Bucket=bucket)
