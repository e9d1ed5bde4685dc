"""A statement of a policy removed from the embedded AWS, for a while."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from components.aws.account_region import AccountRegion
from tests.local.kept_run import KeptRun
from tests.local.permissions.policy_statements import Granted


@contextmanager
def without_statement(kept: KeptRun, granted: Granted) -> Iterator[None]:
    """The policy without the statement, for as long as the block lasts."""
    read, write = _policy_of(kept, granted)
    before = read()
    remaining = [each for each in before["Statement"] if each["Sid"] != granted.statement["Sid"]]
    assert len(remaining) == len(before["Statement"]) - 1, granted
    write({**before, "Statement": remaining or [_nothing(granted)]})
    try:
        yield
    finally:
        write(before)


def _nothing(granted: Granted) -> dict[str, Any]:
    """What every principal may do anyway: IAM refuses a policy without a statement."""
    nothing = {"Effect": "Allow", "Action": "sts:GetCallerIdentity"}
    if granted.sort == "permissions":
        return {**nothing, "Resource": "*"}
    return {**nothing, "Principal": {"AWS": f"arn:aws:iam::{granted.owner}:root"}}


def _policy_of(
    kept: KeptRun, granted: Granted
) -> tuple[Callable[[], dict[str, Any]], Callable[[dict[str, Any]], object]]:
    """How to read and to write the policy that holds the statement."""
    arn = granted.holder.split(":")
    account_region = AccountRegion(account_id=granted.owner, region=arn[3] or kept.plan.hub.region)
    name = granted.holder.rpartition("/")[2]
    if granted.sort == "bucket policy":
        s3 = kept.client("s3", account_region)
        return (
            lambda: _parsed(s3.get_bucket_policy(Bucket=arn[5])["Policy"]),
            lambda policy: s3.put_bucket_policy(Bucket=arn[5], Policy=json.dumps(policy)),
        )
    if granted.sort == "key policy":
        kms = kept.client("kms", account_region)
        return (
            lambda: _parsed(kms.get_key_policy(KeyId=granted.holder)["Policy"]),
            # Without the delegation to the account no principal could write it again: AWS wants
            # that confirmed.
            lambda policy: kms.put_key_policy(
                KeyId=granted.holder,
                Policy=json.dumps(policy),
                BypassPolicyLockoutSafetyCheck=True,
            ),
        )
    if granted.sort in ("bus policy", "queue policy"):
        return _policy_for_uploads(kept, granted, account_region)
    iam = kept.client("iam", account_region)
    if granted.sort == "trust":
        return (
            lambda: _parsed(iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]),
            lambda policy: iam.update_assume_role_policy(
                RoleName=name, PolicyDocument=json.dumps(policy)
            ),
        )
    if granted.policy.startswith("arn:"):
        return _managed_policy(iam, granted.policy)
    return (
        lambda: _parsed(
            iam.get_role_policy(RoleName=name, PolicyName=granted.policy)["PolicyDocument"]
        ),
        lambda policy: iam.put_role_policy(
            RoleName=name, PolicyName=granted.policy, PolicyDocument=json.dumps(policy)
        ),
    )


def _policy_for_uploads(
    kept: KeptRun, granted: Granted, hub: AccountRegion
) -> tuple[Callable[[], dict[str, Any]], Callable[[dict[str, Any]], object]]:
    if granted.sort == "bus policy":
        events, bus = kept.client("events", hub), granted.holder.rpartition("/")[2]
        return (
            lambda: _parsed(events.describe_event_bus(Name=bus)["Policy"]),
            lambda policy: events.put_permission(EventBusName=bus, Policy=json.dumps(policy)),
        )
    sqs = kept.client("sqs", hub)
    url = sqs.get_queue_url(QueueName=granted.holder.rpartition(":")[2])["QueueUrl"]
    return (
        lambda: _parsed(
            sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])["Attributes"][
                "Policy"
            ]
        ),
        lambda policy: sqs.set_queue_attributes(
            QueueUrl=url, Attributes={"Policy": json.dumps(policy)}
        ),
    )


def _managed_policy(
    iam: Any, arn: str
) -> tuple[Callable[[], dict[str, Any]], Callable[[dict[str, Any]], object]]:
    def read() -> dict[str, Any]:
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        found = iam.get_policy_version(PolicyArn=arn, VersionId=version)
        return _parsed(found["PolicyVersion"]["Document"])

    def write(policy: dict[str, Any]) -> None:
        before = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        iam.create_policy_version(
            PolicyArn=arn, PolicyDocument=json.dumps(policy), SetAsDefault=True
        )
        # A policy holds five versions at most.
        iam.delete_policy_version(PolicyArn=arn, VersionId=before)

    return read, write


def _parsed(policy: str | dict[str, Any]) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(policy) if isinstance(policy, str) else policy
    return parsed
