"""Amazon S3: what S3 tells of a bucket: of its changes, and of the requests to it."""

from __future__ import annotations

from typing import Any

from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType
from local.deployment.services.s3.buckets import id_of_bucket
from local.deployment.translation import Rule


def put_notifications(resource: Resource) -> Created:
    """A bucket's whole configuration of notifications."""
    bucket = resource.inputs["bucket"]
    told: dict[str, Any] = {}
    if resource.inputs["eventbridge"]:
        told["EventBridgeConfiguration"] = {}
    resource.client.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration=told
    )
    return Created(bucket)


def stop_notifications(resource: Resource, id_: str) -> None:
    """Leave the bucket without notifications."""
    resource.client.put_bucket_notification_configuration(Bucket=id_, NotificationConfiguration={})


NOTIFICATION = ResourceType(
    token="aws:s3/bucketNotification:BucketNotification",
    service="s3",
    properties={"bucket": Rule.HANDLED, "eventbridge": Rule.HANDLED},
    create=put_notifications,
    remove=stop_notifications,
    mock_outputs=id_of_bucket,
    deploy_actions=("s3:GetBucketNotification", "s3:PutBucketNotification"),
)


def put_logging(resource: Resource) -> Created:
    """Where S3 delivers the access logs of a bucket."""
    bucket = resource.inputs["bucket"]
    to = {
        "TargetBucket": resource.inputs["targetBucket"],
        "TargetPrefix": resource.inputs["targetPrefix"],
    }
    resource.client.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": to})
    return Created(bucket)


def stop_logging(resource: Resource, id_: str) -> None:
    """A bucket without access logs."""
    resource.client.put_bucket_logging(Bucket=id_, BucketLoggingStatus={})


LOGGING = ResourceType(
    token="aws:s3/bucketLogging:BucketLogging",
    service="s3",
    properties={
        "bucket": Rule.HANDLED,
        "targetBucket": Rule.HANDLED,
        "targetPrefix": Rule.HANDLED,
    },
    create=put_logging,
    remove=stop_logging,
    mock_outputs=id_of_bucket,
    deploy_actions=("s3:GetBucketLogging", "s3:PutBucketLogging"),
)
