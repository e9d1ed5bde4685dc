"""What a local deployment made is removed as `pulumi destroy` removes it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from local.deployment.errors import DeploymentError
from local.deployment.removal import remove
from local.deployment.stopping import Stop
from tests.local.deployment.conftest import Account


def removed(account: Account) -> list[None]:
    """Remove the last deployment; one item for each resource that is gone."""
    gone: list[None] = []
    remove(account.deployed.pop().monitor.existing, lambda: gone.append(None), Stop())
    return gone


def bucket(account: Account, *, force_destroy: bool, **options: Any) -> aws.s3.Bucket:
    """A bucket with versions, and one object in it."""
    provider = account.provider()
    made = aws.s3.Bucket(
        "bucket",
        bucket=f"removed-{account.id}",
        force_destroy=force_destroy,
        opts=pulumi.ResourceOptions(provider=provider, **options),
    )
    versioning = aws.s3.BucketVersioning(
        "versioning",
        bucket=made.bucket,
        versioning_configuration={"status": "Enabled"},
        opts=pulumi.ResourceOptions(provider=provider),
    )
    aws.s3.BucketObjectv2(
        "object",
        bucket=made.bucket,
        key="dags/a.py",
        content="1",
        opts=pulumi.ResourceOptions(provider=provider, depends_on=[versioning]),
    )
    return made


def test_a_bucket_goes_with_the_versions_that_runs_left(account: Account) -> None:
    account.deploy(lambda: bucket(account, force_destroy=True))
    s3, name = account.client("s3"), f"removed-{account.id}"
    for key in ("dags/a.py", "raw/data.csv"):
        s3.put_object(Bucket=name, Key=key, Body=b"2")
        s3.delete_object(Bucket=name, Key=key)

    assert len(removed(account)) == 3

    assert s3.list_buckets()["Buckets"] == []


def test_a_bucket_with_objects_is_kept_unless_it_says_otherwise(account: Account) -> None:
    account.deploy(lambda: bucket(account, force_destroy=False))
    account.client("s3").put_object(Bucket=f"removed-{account.id}", Key="raw/data.csv", Body=b"2")

    with pytest.raises(DeploymentError, match="Bucket::bucket: DeleteBucket was refused: BucketNo"):
        removed(account)


def test_nothing_is_removed_where_something_is_protected(account: Account) -> None:
    account.deploy(lambda: bucket(account, force_destroy=True, protect=True))

    with pytest.raises(DeploymentError, match="bucket: protected, so nothing is removed"):
        removed(account)

    (found,) = account.client("s3").list_objects_v2(Bucket=f"removed-{account.id}")["Contents"]
    assert found["Key"] == "dags/a.py"


def test_what_is_retained_stays(account: Account) -> None:
    def program() -> None:
        options = account.options(retain_on_delete=True)
        aws.cloudwatch.LogGroup("group", name="group", opts=options)

    account.deploy(program)

    assert removed(account) == []
    groups = account.client("logs").describe_log_groups()["logGroups"]
    assert [group["logGroupName"] for group in groups] == ["group"]


def as_deploy_role(account: Account, actions: Iterable[str]) -> Callable[[], None]:
    """A program with a log group and an alias, deployed by a role that may only do `actions`."""
    iam, name = account.client("iam"), f"deploy-{account.id}"
    account_itself = {"AWS": f"arn:aws:iam::{account.id}:root"}
    trust = {"Effect": "Allow", "Principal": account_itself, "Action": "sts:AssumeRole"}
    allowed = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust))
    iam.put_role_policy(RoleName=name, PolicyName="deploy", PolicyDocument=document(allowed))

    def program() -> None:
        role = aws.ProviderAssumeRoleArgs(role_arn=f"arn:aws:iam::{account.id}:role/{name}")
        options = pulumi.ResourceOptions(provider=account.provider(assume_roles=[role]))
        aws.cloudwatch.LogGroup("group", name="group", opts=options)

    return program


def document(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_a_missing_permission_is_named(account: Account) -> None:
    create = ("logs:CreateLogGroup", "logs:DescribeLogGroups", "logs:TagResource")
    account.deploy(as_deploy_role(account, create))

    with pytest.raises(
        DeploymentError, match=r"LogGroup::group: DeleteLogGroup was refused: .*logs:DeleteLogGroup"
    ):
        removed(account)


def test_a_requested_stop_ends_it(account: Account) -> None:
    account.deploy(lambda: bucket(account, force_destroy=True))
    stop = Stop()
    stop.request()

    with pytest.raises(DeploymentError, match="the run is ending"):
        remove(account.deployed[-1].monitor.existing, lambda: None, stop)

    assert len(account.client("s3").list_buckets()["Buckets"]) == 1
