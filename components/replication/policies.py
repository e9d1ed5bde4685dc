"""What S3 may do to replicate, on the source's side and on the destination's, with AWS's reasons.

Nothing here imports Pulumi.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from components.aws.arns import account_root
from components.aws.customer_key_policy import THIS_KEY, via_service
from components.aws.organization import of_principal
from components.aws.policy_document import Condition, Statement, service_trust, statement
from components.pipeline.object_keys import TRANSFORMED, objects

ROLE_PURPOSE = "replication"
"""The purpose in the role's name, from which destinations compute its ARN."""

MAX_DESTINATIONS = 14
"""Destinations of one source whose statements fit into a role's inline policies, with the
longest names, too: S3 takes one role per source bucket, and IAM 10,240 characters per role."""

_WRITE_REPLICAS = ("s3:ReplicateObject", "s3:ReplicateTags")
"""No `s3:ReplicateDelete`: delete markers stay where they are made."""

_ENCRYPT_REPLICAS = ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey")


@dataclass(frozen=True, kw_only=True)
class ReplicaBucket:
    """The bucket of a source or a destination, and its key."""

    account_id: str
    bucket_arn: str
    key_arn: str
    region: str


def replication_trust() -> str:
    """The trust of the replication role.

    Without a condition on the source: AWS documents none for S3 replication, and one that isn't
    sent would leave every object unreplicated, without trying again.
    """
    return service_trust("s3.amazonaws.com")


def replication(
    source: ReplicaBucket, destinations: Mapping[str, ReplicaBucket]
) -> list[Statement]:
    """What the role may do: read the source's training data and write it to each destination.

    `destinations` are by pipeline name, which becomes part of the statements' ids.
    """
    replicas = [objects(each.bucket_arn, TRANSFORMED)[0] for each in destinations.values()]
    accounts = [each.account_id for each in destinations.values()]
    return [
        # S3 reads which rules there are, and lists the source to find what they apply to.
        statement(
            "ReadRules", ["s3:GetReplicationConfiguration", "s3:ListBucket"], source.bucket_arn
        ),
        # The replication's own reading actions: an object's version with all that belongs to it.
        statement(
            "ReadVersions",
            [
                "s3:GetObjectVersionAcl",
                "s3:GetObjectVersionForReplication",
                "s3:GetObjectVersionTagging",
            ],
            objects(source.bucket_arn, TRANSFORMED),
        ),
        # A bucket's name is free again once it is deleted, for any account.
        statement(
            "WriteReplicas",
            _WRITE_REPLICAS,
            replicas,
            {"StringEquals": {"s3:ResourceAccount": accounts}},
        ),
        # An encrypted object is decrypted with the source's key, and encrypted with each
        # destination's own: a key never leaves its Region.
        statement("DecryptSource", "kms:Decrypt", source.key_arn, _through_s3(source)),
        *(
            statement(f"EncryptFor{name}", _ENCRYPT_REPLICAS, each.key_arn, _through_s3(each))
            for name, each in sorted(destinations.items())
        ),
    ]


def accept_replicas(
    *,
    bucket_arn: str,
    region: str,
    source_account_id: str,
    replication_role_arn: str,
    of: str = "",
) -> list[Statement]:
    """What a destination's bucket policy adds where the source is another account's.

    `of` ends the statements' ids where there are several sources.

    AWS needs it because across accounts the bucket's own account has to agree. The principal is the
    source's account, because a role can only be named once it exists; the condition narrows it.
    """
    who = {"AWS": account_root(region, source_account_id)}
    condition = {"ArnEquals": {"aws:PrincipalArn": replication_role_arn}}
    return [
        statement(
            f"AcceptReplicas{of}",
            _WRITE_REPLICAS,
            objects(bucket_arn, TRANSFORMED),
            condition,
            principals=who,
        ),
        # S3 looks whether the destination is versioned. It gets no permission to change that.
        statement(
            f"ShowVersioning{of}",
            ["s3:GetBucketVersioning", "s3:ListBucket"],
            bucket_arn,
            condition,
            principals=who,
        ),
    ]


def accept_encryption(
    *,
    bucket_arn: str,
    region: str,
    source_account_id: str,
    replication_role_arn: str,
    organization_id: str | None,
    of: str = "",
) -> Statement:
    """What a destination's key policy adds where the source is another account's.

    `of` ends the statement's id where there are several sources.

    AWS needs it because across accounts the key's own account has to agree. It is bound to S3 in
    the key's Region and to this bucket's training data.
    """
    condition = {
        "ArnEquals": {"aws:PrincipalArn": replication_role_arn},
        "StringEquals": {
            **via_service(region, "s3")["StringEquals"],
            **of_principal(organization_id),
        },
        **_for_objects_of(bucket_arn),
    }
    return statement(
        f"AcceptReplicaEncryption{of}",
        _ENCRYPT_REPLICAS,
        THIS_KEY,
        condition,
        principals={"AWS": account_root(region, source_account_id)},
    )


def _through_s3(bucket: ReplicaBucket) -> Condition:
    return {**via_service(bucket.region, "s3"), **_for_objects_of(bucket.bucket_arn)}


def _for_objects_of(bucket_arn: str) -> dict[str, dict[str, Sequence[str]]]:
    """The encryption context that S3 sends: with a Bucket Key the bucket, else the object."""
    contexts = [bucket_arn, *objects(bucket_arn, TRANSFORMED)]
    return {"StringLike": {"kms:EncryptionContext:aws:s3:arn": contexts}}
