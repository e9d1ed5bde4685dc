"""Amazon S3: buckets and everything that is configured on one, replication aside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.deployment.resource import Created, Resource, creates
from local.deployment.translation import Inner, Rule

# The one Region that CreateBucket refuses as a location constraint.
_DEFAULT_REGION = "us-east-1"


@creates(
    "aws:s3/bucket:Bucket",
    {"bucket": "Bucket", "forceDestroy": Rule.UNUSED_AT_CREATION},
    tagged=True,
)
def create_bucket(resource: Resource) -> Created:
    """A bucket in the provider's Region."""
    s3, region = resource.client("s3"), resource.provider.region
    name = resource.physical_name(input_name="bucket")
    place = {} if region == _DEFAULT_REGION else {"LocationConstraint": region}
    s3.create_bucket(**resource.call, **({"CreateBucketConfiguration": place} if place else {}))
    if resource.tags:
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": resource.tag_list()})
    return Created(
        name,
        {
            "arn": f"arn:{s3.meta.partition}:s3:::{name}",
            "bucketDomainName": f"{name}.s3.amazonaws.com",
            "bucketRegion": region,
            "bucketRegionalDomainName": f"{name}.s3.{region}.amazonaws.com",
            "region": region,
        },
    )


@creates(
    "aws:s3/bucketVersioning:BucketVersioning",
    {
        "bucket": "Bucket",
        "versioningConfiguration": Inner("VersioningConfiguration", {"status": "Status"}),
    },
)
def put_versioning(resource: Resource) -> Created:
    """A bucket's versioning."""
    resource.client("s3").put_bucket_versioning(**resource.call)
    return Created(resource.inputs["bucket"])


@creates(
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    {
        "blockPublicAcls": Rule.HANDLED,
        "blockPublicPolicy": Rule.HANDLED,
        "bucket": Rule.HANDLED,
        "ignorePublicAcls": Rule.HANDLED,
        "restrictPublicBuckets": Rule.HANDLED,
        "skipDestroy": Rule.UNUSED_AT_CREATION,
    },
)
def put_public_access_block(resource: Resource) -> Created:
    """What a bucket refuses to make public; each is off unless it is switched on."""
    inputs = resource.inputs
    resource.client("s3").put_public_access_block(
        Bucket=inputs["bucket"],
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": inputs.get("blockPublicAcls", False),
            "BlockPublicPolicy": inputs.get("blockPublicPolicy", False),
            "IgnorePublicAcls": inputs.get("ignorePublicAcls", False),
            "RestrictPublicBuckets": inputs.get("restrictPublicBuckets", False),
        },
    )
    return Created(inputs["bucket"])


@creates(
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    {"bucket": "Bucket", "rule": Inner("rule", {"objectOwnership": "ObjectOwnership"})},
)
def put_ownership_controls(resource: Resource) -> Created:
    """Who owns a bucket's objects."""
    resource.client("s3").put_bucket_ownership_controls(
        Bucket=resource.inputs["bucket"], OwnershipControls={"Rules": [resource.call["rule"]]}
    )
    return Created(resource.inputs["bucket"])


@creates(
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    {
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
)
def put_encryption(resource: Resource) -> Created:
    """A bucket's default encryption, and the kinds of encryption that it doesn't take."""
    rules = [
        {**rule, **_blocked(given)}
        for rule, given in zip(resource.call["Rules"], resource.inputs["rules"], strict=True)
    ]
    resource.client("s3").put_bucket_encryption(
        Bucket=resource.inputs["bucket"],
        ServerSideEncryptionConfiguration={"Rules": rules},
    )
    return Created(resource.inputs["bucket"])


def _blocked(rule: Mapping[str, Any]) -> dict[str, Any]:
    types = rule.get("blockedEncryptionTypes")
    return {"BlockedEncryptionTypes": {"EncryptionType": types}} if types else {}


@creates(
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    {
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
                "filter": Inner("Filter", {"prefix": "Prefix"}),
                "id": "ID",
                "noncurrentVersionExpiration": Inner(
                    "NoncurrentVersionExpiration",
                    {
                        "newerNoncurrentVersions": "NewerNoncurrentVersions",
                        "noncurrentDays": "NoncurrentDays",
                    },
                ),
                "status": "Status",
            },
        ),
        "transitionDefaultMinimumObjectSize": "TransitionDefaultMinimumObjectSize",
    },
)
def put_lifecycle(resource: Resource) -> Created:
    """A bucket's lifecycle rules."""
    call = dict(resource.call)
    resource.client("s3").put_bucket_lifecycle_configuration(
        LifecycleConfiguration={"Rules": call.pop("Rules")}, **call
    )
    return Created(resource.inputs["bucket"])


@creates("aws:s3/bucketPolicy:BucketPolicy", {"bucket": "Bucket", "policy": "Policy"})
def put_policy(resource: Resource) -> Created:
    """A bucket's whole policy."""
    resource.client("s3").put_bucket_policy(**resource.call)
    return Created(resource.inputs["bucket"])
