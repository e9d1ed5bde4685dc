"""The permissions that a replication role needs for one object, and those that it lacks.

From "Setting up permissions for live replication" and, for the encryption contexts, "Replicating
encrypted objects" in the user guide of Amazon S3.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from local.gateway.authorization.simulation import allowed
from local.gateway.stores import buckets, object_encryption
from local.gateway.stores.keys import key_problem
from local.gateway.stores.object_encryption import ALGORITHM, KEY_ID
from local.gateway.sts.service_sessions import Caller, CannotAssumeRoleError, trusts


@dataclass(frozen=True, kw_only=True)
class Replica:
    """One object on its way to one destination."""

    source_bucket: str
    key: str
    source_headers: dict[str, str]
    destination_bucket: str
    rule: dict[str, Any]

    @property
    def encrypted(self) -> bool:
        """Whether the source is encrypted with a customer key."""
        return self.source_headers.get(ALGORITHM) == "aws:kms"

    @property
    def headers(self) -> dict[str, str]:
        """The replica's encryption headers: the rule's key in place of the source's."""
        if not self.encrypted:
            return self.source_headers
        encryption = self.rule["Destination"].get("EncryptionConfiguration", {})
        return self.source_headers | {KEY_ID: encryption.get("ReplicaKmsKeyID", "")}

    @property
    def selected(self) -> bool:
        """Whether the rule applies to the object, encrypted or not."""
        criteria = self.rule.get("SourceSelectionCriteria", {})
        chosen = criteria.get("SseKmsEncryptedObjects", {}).get("Status") == "Enabled"
        return chosen or not self.encrypted


_Permission = tuple[str, str, str, dict[str, str]]
"""Action, resource, Region, condition keys."""


def _permissions(replica: Replica, region: str) -> Iterator[_Permission]:
    source = f"arn:aws:s3:::{replica.source_bucket}"
    for action in ("s3:GetReplicationConfiguration", "s3:ListBucket"):
        yield action, source, region, {}
    for action in (
        "s3:GetObjectVersionForReplication",
        "s3:GetObjectVersionAcl",
        "s3:GetObjectVersionTagging",
    ):
        yield action, f"{source}/{replica.key}", region, {}
    destination = f"arn:aws:s3:::{replica.destination_bucket}/{replica.key}"
    owner = {"s3:ResourceAccount": buckets.owner_of(replica.destination_bucket) or ""}
    for action in ("s3:ReplicateObject", "s3:ReplicateTags"):
        yield action, destination, region, owner
    if replica.encrypted:
        yield from _key_permissions(replica)


def _key_permissions(replica: Replica) -> Iterator[_Permission]:
    read = object_encryption.use_of(replica.source_bucket, replica.key, replica.source_headers)
    write = object_encryption.use_of(replica.destination_bucket, replica.key, replica.headers)
    if read is not None:
        yield "kms:Decrypt", read.key_arn, read.region, read.conditions
    if write is not None:
        yield "kms:Encrypt", write.key_arn, write.region, write.conditions


def missing(role_arn: str, replica: Replica) -> list[str]:
    """What the role lacks to replicate an object: permissions, or a condition in words."""
    region = buckets.region_of(replica.source_bucket) or ""
    caller = Caller(
        service="s3.amazonaws.com",
        source_arn=f"arn:aws:s3:::{replica.source_bucket}",
        account_id=role_arn.split(":")[4],
        region=region,
    )
    try:
        trusted = trusts(role_arn, caller)
    except CannotAssumeRoleError as error:
        return [str(error)]
    if not trusted:
        return ["a trust policy that names s3.amazonaws.com"]
    if not replica.selected:
        return ["SseKmsEncryptedObjects in its rule"]
    problems = (_problem(role_arn, *each) for each in _permissions(replica, region))
    return [problem for problem in problems if problem is not None]


def _problem(
    role_arn: str, action: str, resource: str, region: str, conditions: dict[str, str]
) -> str | None:
    if not allowed(role_arn, action, resource, region=region, conditions=conditions):
        return f"{action} on {resource}"
    problem = key_problem(resource, region) if action.startswith("kms:") else None
    return None if problem is None else f"a usable key: {problem.message}"
