"""Amazon S3: a bucket's replication."""

from __future__ import annotations

from local.deployment.resource import Created, Resource, creates
from local.deployment.translation import Inner

_STATUS = {"status": "Status"}

_DESTINATION = Inner(
    "Destination",
    {
        "accessControlTranslation": Inner("AccessControlTranslation", {"owner": "Owner"}),
        "account": "Account",
        "bucket": "Bucket",
        "encryptionConfiguration": Inner(
            "EncryptionConfiguration", {"replicaKmsKeyId": "ReplicaKmsKeyID"}
        ),
        "metrics": Inner(
            "Metrics",
            {**_STATUS, "eventThreshold": Inner("EventThreshold", {"minutes": "Minutes"})},
        ),
        "replicationTime": Inner(
            "ReplicationTime", {**_STATUS, "time": Inner("Time", {"minutes": "Minutes"})}
        ),
        "storageClass": "StorageClass",
    },
)


@creates(
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
    {
        "bucket": "Bucket",
        "role": "Role",
        "rules": Inner(
            "Rules",
            {
                "deleteMarkerReplication": Inner("DeleteMarkerReplication", _STATUS),
                "destination": _DESTINATION,
                "existingObjectReplication": Inner("ExistingObjectReplication", _STATUS),
                "filter": Inner("Filter", {"prefix": "Prefix"}),
                "id": "ID",
                "priority": "Priority",
                "sourceSelectionCriteria": Inner(
                    "SourceSelectionCriteria",
                    {
                        "replicaModifications": Inner("ReplicaModifications", _STATUS),
                        "sseKmsEncryptedObjects": Inner("SseKmsEncryptedObjects", _STATUS),
                    },
                ),
                "status": "Status",
            },
        ),
    },
)
def put_replication(resource: Resource) -> Created:
    """A bucket's whole replication configuration."""
    resource.client("s3").put_bucket_replication(
        Bucket=resource.inputs["bucket"],
        ReplicationConfiguration={
            "Role": resource.call["Role"],
            "Rules": resource.call["Rules"],
        },
    )
    return Created(resource.inputs["bucket"])
