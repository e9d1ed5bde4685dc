"""Amazon S3: a bucket's replication."""

from __future__ import annotations

from local.deployment.limits import NameLimit
from local.deployment.removal_calls import ID, call
from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType
from local.deployment.services.s3.buckets import id_of_bucket
from local.deployment.translation import Inner

_STATUS = {"status": "Status"}

_DESTINATION = Inner(
    "Destination",
    {
        "bucket": "Bucket",
        "encryptionConfiguration": Inner(
            "EncryptionConfiguration", {"replicaKmsKeyId": "ReplicaKmsKeyID"}
        ),
        "metrics": Inner("Metrics", _STATUS),
    },
)


def put_replication(resource: Resource) -> Created:
    """A bucket's whole replication configuration."""
    resource.client.put_bucket_replication(
        Bucket=resource.inputs["bucket"],
        ReplicationConfiguration={
            "Role": resource.call["Role"],
            "Rules": resource.call["Rules"],
        },
    )
    return Created(resource.inputs["bucket"])


REPLICATION = ResourceType(
    token="aws:s3/bucketReplicationConfig:BucketReplicationConfig",
    service="s3",
    properties={
        "bucket": "Bucket",
        "role": "Role",
        "rules": Inner(
            "Rules",
            {
                "deleteMarkerReplication": Inner("DeleteMarkerReplication", _STATUS),
                "destination": _DESTINATION,
                "filter": Inner("Filter", {"prefix": "Prefix"}),
                "id": "ID",
                "priority": "Priority",
                "sourceSelectionCriteria": Inner(
                    "SourceSelectionCriteria",
                    {"sseKmsEncryptedObjects": Inner("SseKmsEncryptedObjects", _STATUS)},
                ),
                "status": "Status",
            },
        ),
    },
    create=put_replication,
    remove=call("delete_bucket_replication", Bucket=ID),
    mock_outputs=id_of_bucket,
    name_limit=NameLimit(
        key="rules",
        most=255,
        pattern=r"[ -~]+",
        unique_in=None,
        source="S3 API reference, ReplicationRule: ID",
    ),
    deploy_actions=(
        "iam:PassRole",
        "s3:GetReplicationConfiguration",
        "s3:PutReplicationConfiguration",
    ),
)
