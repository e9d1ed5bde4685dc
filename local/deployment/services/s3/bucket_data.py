"""Amazon S3: how a bucket keeps its objects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.deployment.removal_calls import ID, call
from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType
from local.deployment.services.s3.buckets import id_of_bucket
from local.deployment.translation import Inner, Rule


def put_versioning(resource: Resource) -> Created:
    """A bucket's versioning."""
    resource.client.put_bucket_versioning(**resource.call)
    return Created(resource.inputs["bucket"])


def suspend_versioning(resource: Resource, id_: str) -> None:
    """Versioning can't be switched off again, only suspended."""
    resource.client.put_bucket_versioning(
        Bucket=id_, VersioningConfiguration={"Status": "Suspended"}
    )


VERSIONING = ResourceType(
    token="aws:s3/bucketVersioning:BucketVersioning",
    service="s3",
    properties={
        "bucket": "Bucket",
        "versioningConfiguration": Inner("VersioningConfiguration", {"status": "Status"}),
    },
    create=put_versioning,
    remove=suspend_versioning,
    mock_outputs=id_of_bucket,
    deploy_actions=("s3:GetBucketVersioning", "s3:PutBucketVersioning"),
)


def put_encryption(resource: Resource) -> Created:
    """A bucket's default encryption, and the kinds of encryption that it doesn't take."""
    rules = [
        {**rule, **_blocked(given)}
        for rule, given in zip(resource.call["Rules"], resource.inputs["rules"], strict=True)
    ]
    resource.client.put_bucket_encryption(
        Bucket=resource.inputs["bucket"],
        ServerSideEncryptionConfiguration={"Rules": rules},
    )
    return Created(resource.inputs["bucket"])


def _blocked(rule: Mapping[str, Any]) -> dict[str, Any]:
    types = rule.get("blockedEncryptionTypes")
    return {"BlockedEncryptionTypes": {"EncryptionType": types}} if types else {}


ENCRYPTION = ResourceType(
    token=(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    ),
    service="s3",
    properties={
        "bucket": "Bucket",
        "rules": Inner(
            "Rules",
            {
                "applyServerSideEncryptionByDefault": Inner(
                    "ApplyServerSideEncryptionByDefault",
                    {"kmsMasterKeyId": "KMSMasterKeyID", "sseAlgorithm": "SSEAlgorithm"},
                ),
                "blockedEncryptionTypes": Rule.HANDLED,
                "bucketKeyEnabled": "BucketKeyEnabled",
            },
        ),
    },
    create=put_encryption,
    remove=call("delete_bucket_encryption", Bucket=ID),
    mock_outputs=id_of_bucket,
    deploy_actions=("s3:GetEncryptionConfiguration", "s3:PutEncryptionConfiguration"),
)


def put_lifecycle(resource: Resource) -> Created:
    """A bucket's lifecycle rules."""
    rules = [
        {**rule, "Filter": {**rule["Filter"], **_tagged(given["filter"])}}
        for rule, given in zip(resource.call["Rules"], resource.inputs["rules"], strict=True)
    ]
    resource.client.put_bucket_lifecycle_configuration(
        Bucket=resource.inputs["bucket"], LifecycleConfiguration={"Rules": rules}
    )
    return Created(resource.inputs["bucket"])


def _tagged(given: Mapping[str, Any]) -> dict[str, Any]:
    """A filter by prefix and tags, which are a mapping in Pulumi and a list in the API."""
    if "and" not in given:
        return {}
    tags = [{"Key": key, "Value": value} for key, value in given["and"]["tags"].items()]
    return {"And": {"Prefix": given["and"]["prefix"], "Tags": tags}}


LIFECYCLE = ResourceType(
    token="aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    service="s3",
    properties={
        "bucket": "Bucket",
        "rules": Inner(
            "Rules",
            {
                "abortIncompleteMultipartUpload": Inner(
                    "AbortIncompleteMultipartUpload", {"daysAfterInitiation": "DaysAfterInitiation"}
                ),
                "expiration": Inner(
                    "Expiration",
                    {"days": "Days", "expiredObjectDeleteMarker": "ExpiredObjectDeleteMarker"},
                ),
                "filter": Inner("Filter", {"and": Rule.HANDLED, "prefix": "Prefix"}),
                "id": "ID",
                "noncurrentVersionExpiration": Inner(
                    "NoncurrentVersionExpiration",
                    {"noncurrentDays": "NoncurrentDays"},
                ),
                "status": "Status",
            },
        ),
    },
    create=put_lifecycle,
    remove=call("delete_bucket_lifecycle", Bucket=ID),
    mock_outputs=id_of_bucket,
    deploy_actions=("s3:GetLifecycleConfiguration", "s3:PutLifecycleConfiguration"),
)
