"""A source bucket that S3 replicates to others: for the tests of both kinds of replication."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.local.gateway.aws import (
    DATA,
    EAST,
    WEST,
    Aws,
    Statement,
    allow,
    service_trust,
    wait_until,
)

_READ = [
    "s3:GetObjectVersionForReplication",
    "s3:GetObjectVersionAcl",
    "s3:GetObjectVersionTagging",
]
PERMISSIONS = [
    "s3:GetReplicationConfiguration",
    "s3:ListBucket",
    *_READ,
    "s3:ReplicateObject",
    "s3:ReplicateTags",
    "kms:Decrypt",
    "kms:Encrypt",
]


@dataclass(frozen=True, kw_only=True)
class Pair:
    """An encrypted source bucket that replicates `transformed/` to encrypted destinations."""

    aws: Aws
    source: str
    role: str
    destinations: tuple[str, ...]

    def put(self, key: str, body: bytes = b"1") -> None:
        self.aws.client("s3").put_object(Bucket=self.source, Key=key, Body=body)

    def status(self, key: str) -> str | None:
        """The source object's replication status, once it is settled."""
        s3 = self.aws.client("s3")

        def look() -> str | None:
            status: str | None = s3.head_object(Bucket=self.source, Key=key).get(
                "ReplicationStatus"
            )
            return status

        return wait_until(look, lambda status: status != "PENDING")


def _role(aws: Aws, source: str, destination: str, *leave_out: str) -> str:
    statements: list[Statement] = [
        allow(["s3:GetReplicationConfiguration", "s3:ListBucket"], f"arn:aws:s3:::{source}"),
        allow(_READ, f"arn:aws:s3:::{source}/transformed/*"),
        allow(
            ["s3:ReplicateObject", "s3:ReplicateTags"], f"arn:aws:s3:::{destination}/transformed/*"
        ),
        allow(
            "kms:Decrypt",
            "*",
            Condition={
                "StringEquals": {"kms:ViaService": f"s3.{EAST}.amazonaws.com"},
                "StringLike": {"kms:EncryptionContext:aws:s3:arn": f"arn:aws:s3:::{source}"},
            },
        ),
        allow(
            "kms:Encrypt",
            "*",
            Condition={
                "StringEquals": {"kms:ViaService": f"s3.{WEST}.amazonaws.com"},
                "StringLike": {"kms:EncryptionContext:aws:s3:arn": f"arn:aws:s3:::{destination}"},
            },
        ),
    ]
    kept = [
        {**one, "Action": [a for a in one["Action"] if a not in leave_out]} for one in statements
    ]
    return aws.role(
        "replication",
        *(statement for statement in kept if statement["Action"]),
        trusted=service_trust("s3.amazonaws.com"),
    )


def _rule(number: int, destination: str, key: str) -> dict[str, Any]:
    return {
        "ID": str(number),
        "Priority": number,
        "Status": "Enabled",
        "Filter": {"Prefix": "transformed/"},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "SourceSelectionCriteria": {"SseKmsEncryptedObjects": {"Status": "Enabled"}},
        "Destination": {
            "Bucket": f"arn:aws:s3:::{destination}",
            "EncryptionConfiguration": {"ReplicaKmsKeyID": key},
        },
    }


def replicating(aws: Aws, *leave_out: str, owner: str = DATA, destinations: int = 1) -> Pair:
    """The pair, whose role lacks the actions of `leave_out`."""
    source = aws.bucket(versioned=True)
    aws.encrypt(source, aws.key())
    made, rules = [], []
    delegated = allow("kms:*", "*", Principal={"AWS": f"arn:aws:iam::{DATA}:root"})
    for number in range(destinations):
        key = aws.key(owner, WEST, delegated)
        bucket = aws.bucket(owner, WEST, versioned=True)
        aws.encrypt(bucket, key, owner, WEST)
        made.append(bucket)
        rules.append(_rule(number, bucket, key))
    role = _role(aws, source, made[0] if destinations == 1 else "*", *leave_out)
    if destinations > 1:
        aws.permit(role, allow(["s3:*", "kms:*"], "*"))
    aws.client("s3").put_bucket_replication(
        Bucket=source, ReplicationConfiguration={"Role": role, "Rules": rules}
    )
    return Pair(aws=aws, source=source, role=role, destinations=tuple(made))
