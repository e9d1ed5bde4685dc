"""What there is of a stack in its accounts and Regions, and what its removal leaves on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from clients.tags import BOOTSTRAP, MADE_BY
from operate.connection import Connection
from operate.errors import OperateError

_TRAINING_LOGS = "/aws/sagemaker/TrainingJobs"
_SERVICE_ROLES = "/aws-service-role/airflow.amazonaws.com/"


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A resource; `kept` says why it is there without the stack, None that it is the stack's."""

    account_id: str
    region: str
    arn: str
    kept: str | None = None


def inventoried(connection: Connection) -> list[Resource]:
    """All that carries the stack's tags or names, then what stays without it."""
    if connection.stack.tags is None:
        raise OperateError("the stack's outputs have no tags: deploy it with this version first")
    found: list[Resource] = []
    for account_id, regions in connection.stack.regions.items():
        for region in sorted(regions):
            found += _tagged(connection, account_id, region, connection.stack.tags)
            found += _training_logs(connection, account_id, region)
        found += _of_iam(connection, account_id)
    return sorted(found, key=lambda each: (each.kept is not None, each.account_id, each.arn))


def _tagged(
    connection: Connection, account_id: str, region: str, tags: dict[str, str]
) -> Iterator[Resource]:
    pages = (
        connection.in_account("resourcegroupstaggingapi", account_id, region)
        .get_paginator("get_resources")
        .paginate(TagFilters=[{"Key": key, "Values": [value]} for key, value in tags.items()])
    )
    kms = connection.in_account("kms", account_id, region)
    for page in pages:
        for row in page["ResourceTagMappingList"]:
            arn = row["ResourceARN"]
            kept = _deletion(kms, arn) if arn.split(":")[2] == "kms" else None
            if {"Key": MADE_BY, "Value": BOOTSTRAP} in row["Tags"]:
                kept = "the bootstrap's, for the next deployment"
            yield Resource(account_id=account_id, region=region, arn=arn, kept=kept)


def _deletion(kms: Any, key_arn: str) -> str | None:
    """When a key is deleted that waits for it; None for a key in use."""
    key = kms.describe_key(KeyId=key_arn)["KeyMetadata"]
    if key["KeyState"] != "PendingDeletion":
        return None
    return f"AWS KMS deletes it on {key['DeletionDate']:%Y-%m-%d}"


def _training_logs(connection: Connection, account_id: str, region: str) -> Iterator[Resource]:
    logs = connection.in_account("logs", account_id, region)
    for group in logs.describe_log_groups(logGroupNamePrefix=_TRAINING_LOGS)["logGroups"]:
        if group["logGroupName"] == _TRAINING_LOGS:
            yield Resource(
                account_id=account_id,
                region=region,
                arn=group["arn"].removesuffix(":*"),
                kept="SageMaker's, for the training jobs of every stack",
            )


def _of_iam(connection: Connection, account_id: str) -> Iterator[Resource]:
    """Roles and policies, by name: the Tagging API doesn't know roles, nor policies' Regions."""
    prefix = connection.stack.prefix
    iam = connection.in_account("iam", account_id, connection.stack.hub_region)
    for page in iam.get_paginator("list_roles").paginate():
        for role in page["Roles"]:
            if role["Path"] == _SERVICE_ROLES:
                kept = "Amazon MWAA's, for every environment of the account"
                yield Resource(account_id=account_id, region="", arn=role["Arn"], kept=kept)
            elif role["RoleName"].startswith(prefix):
                yield Resource(account_id=account_id, region="", arn=role["Arn"])
    for page in iam.get_paginator("list_policies").paginate(Scope="Local"):
        for policy in page["Policies"]:
            if policy["PolicyName"].startswith(prefix):
                yield Resource(account_id=account_id, region="", arn=policy["Arn"])
