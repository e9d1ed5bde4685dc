"""Amazon S3: buckets."""

from __future__ import annotations

from botocore.exceptions import ClientError

from components.aws.partitions import partition_of
from local.deployment.limits import NameLimit
from local.deployment.mocked import Mocked, Outputs
from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType
from local.deployment.services.s3.versions import delete_versions
from local.deployment.translation import Rule

# The one Region that CreateBucket refuses as a location constraint.
_DEFAULT_REGION = "us-east-1"


def create_bucket(resource: Resource) -> Created:
    """A bucket in the provider's Region."""
    s3, region = resource.client, resource.provider.region
    name = resource.physical_name(input_name="bucket")
    configuration = {} if region == _DEFAULT_REGION else {"LocationConstraint": region}
    s3.create_bucket(
        **resource.call,
        **({"CreateBucketConfiguration": configuration} if configuration else {}),
    )
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


def delete_bucket(resource: Resource, id_: str) -> None:
    """The bucket; one with objects only where `forceDestroy` lets it be emptied."""
    s3 = resource.client
    try:
        s3.delete_bucket(Bucket=id_)
    except ClientError as error:
        not_empty = error.response["Error"]["Code"] == "BucketNotEmpty"
        if not not_empty or not resource.inputs.get("forceDestroy"):
            raise
        delete_versions(s3, id_)
        s3.delete_bucket(Bucket=id_)


def mock_bucket(mocked: Mocked) -> Outputs:
    """A bucket, whose ARN has neither account nor Region."""
    name = mocked.inputs["bucket"]
    arn = f"arn:{partition_of(mocked.at.region)}:s3:::{name}"
    return {"id": name, "arn": arn, "bucketDomainName": f"{name}.s3.amazonaws.com"}


def id_of_bucket(mocked: Mocked) -> Outputs:
    """A setting of a bucket, which has the bucket's name as its id."""
    return {"id": mocked.inputs["bucket"]}


BUCKET = ResourceType(
    token="aws:s3/bucket:Bucket",
    service="s3",
    properties={"bucket": "Bucket", "forceDestroy": Rule.HANDLED},
    create=create_bucket,
    remove=delete_bucket,
    mock_outputs=mock_bucket,
    takes_tags=True,
    name_limit=NameLimit(
        key="bucket",
        least=3,
        most=63,
        pattern=(
            r"(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9-]*[a-z0-9](?<!-s3alias)(?<!--ol-s3)"
        ),
        unique_in="the world",
        source="S3 user guide, General purpose bucket naming rules",
    ),
    deploy_actions=(
        "s3:CreateBucket",
        "s3:DeleteBucket",
        # A bucket that isn't protected is emptied before it is deleted.
        "s3:DeleteObject",
        "s3:DeleteObjectVersion",
        "s3:GetAccelerateConfiguration",
        "s3:GetBucketAcl",
        "s3:GetBucketCORS",
        "s3:GetBucketLocation",
        "s3:GetBucketLogging",
        "s3:GetBucketObjectLockConfiguration",
        "s3:GetBucketPolicy",
        "s3:GetBucketRequestPayment",
        "s3:GetBucketTagging",
        "s3:GetBucketVersioning",
        "s3:GetBucketWebsite",
        "s3:GetEncryptionConfiguration",
        "s3:GetLifecycleConfiguration",
        "s3:GetReplicationConfiguration",
        "s3:ListBucket",
        "s3:ListBucketVersions",
        "s3:ListTagsForResource",
        "s3:PutBucketTagging",
        "s3:TagResource",
        "s3:UntagResource",
    ),
)
