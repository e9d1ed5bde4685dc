"""What a replication role needs for one object, and whether it has it.

From AWS's "Setting up permissions for live replication" and the statement of encryption contexts
in "Replicating encrypted objects".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from local.gateway.authorization.simulation import allowed
from local.gateway.stores import buckets
from local.gateway.stores.keys import key_problem
from local.gateway.sts.service_sessions import Caller, CannotAssumeRoleError, trusts

_ALGORITHM = "x-amz-server-side-encryption"
_KEY_ID = "x-amz-server-side-encryption-aws-kms-key-id"


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
        return self.source_headers.get(_ALGORITHM) == "aws:kms"

    @property
    def headers(self) -> dict[str, str]:
        """The replica's encryption headers: the rule's key in place of the source's."""
        if not self.encrypted:
            return self.source_headers
        encryption = self.rule["Destination"].get("EncryptionConfiguration", {})
        return self.source_headers | {_KEY_ID: encryption.get("ReplicaKmsKeyID", "")}

    @property
    def selected(self) -> bool:
        """Whether the rule takes the object up, encrypted as it is."""
        criteria = self.rule.get("SourceSelectionCriteria", {})
        chosen = criteria.get("SseKmsEncryptedObjects", {}).get("Status") == "Enabled"
        return chosen or not self.encrypted


_Need = tuple[str, str, str, dict[str, str]]
"""Action, resource, Region, condition keys."""


def _needs(replica: Replica, region: str) -> Iterator[_Need]:
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
    for action in ("s3:ReplicateObject", "s3:ReplicateTags"):
        yield action, destination, region, {}
    if replica.encrypted:
        yield from _key_needs(replica)


def _key_needs(replica: Replica) -> Iterator[_Need]:
    read = buckets.use_of(replica.source_bucket, replica.key, replica.source_headers)
    write = buckets.use_of(replica.destination_bucket, replica.key, replica.headers)
    if read is not None:
        yield "kms:Decrypt", read.key_arn, read.region, read.conditions
    if write is not None:
        yield "kms:Encrypt", write.key_arn, write.region, write.conditions


def lacking(role_arn: str, replica: Replica) -> list[str]:
    """What the role lacks to replicate: in words, or the actions it may not do."""
    bucket = buckets.bucket_of(replica.source_bucket) or {}
    region = bucket.get("region") or "us-east-1"
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
    problems = (_problem(role_arn, *need) for need in _needs(replica, region))
    return [problem for problem in problems if problem is not None]


def _problem(
    role_arn: str, action: str, resource: str, region: str, conditions: dict[str, str]
) -> str | None:
    if not allowed(role_arn, action, resource, region=region, conditions=conditions):
        return f"{action} on {resource}"
    problem = key_problem(resource, region) if action.startswith("kms:") else None
    return None if problem is None else f"a key that works: {problem.message}"
