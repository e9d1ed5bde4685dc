"""Amazon S3: which changes of a bucket S3 tells of."""

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


NOTIFICATION = ResourceType(
    token="aws:s3/bucketNotification:BucketNotification",
    service="s3",
    properties={"bucket": Rule.HANDLED, "eventbridge": Rule.HANDLED},
    create=put_notifications,
    mock_outputs=id_of_bucket,
    deploy_actions=("s3:GetBucketNotification", "s3:PutBucketNotification"),
)
