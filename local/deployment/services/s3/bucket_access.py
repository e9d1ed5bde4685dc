"""Amazon S3: who may do what with a bucket, its replication aside."""

from __future__ import annotations

from local.deployment.limits import DocumentLimit
from local.deployment.removal_calls import ID, call
from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType
from local.deployment.services.s3.buckets import id_of_bucket
from local.deployment.translation import Inner, Rule


def put_public_access_block(resource: Resource) -> Created:
    """What a bucket refuses to make public; each is off where the program doesn't say."""
    inputs = resource.inputs
    resource.client.put_public_access_block(
        Bucket=inputs["bucket"],
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": inputs.get("blockPublicAcls", False),
            "BlockPublicPolicy": inputs.get("blockPublicPolicy", False),
            "IgnorePublicAcls": inputs.get("ignorePublicAcls", False),
            "RestrictPublicBuckets": inputs.get("restrictPublicBuckets", False),
        },
    )
    return Created(inputs["bucket"])


PUBLIC_ACCESS_BLOCK = ResourceType(
    token="aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    service="s3",
    properties={
        "blockPublicAcls": Rule.HANDLED,
        "blockPublicPolicy": Rule.HANDLED,
        "bucket": Rule.HANDLED,
        "ignorePublicAcls": Rule.HANDLED,
        "restrictPublicBuckets": Rule.HANDLED,
    },
    create=put_public_access_block,
    remove=call("delete_public_access_block", Bucket=ID),
    mock_outputs=id_of_bucket,
    deploy_actions=("s3:GetBucketPublicAccessBlock", "s3:PutBucketPublicAccessBlock"),
)


def put_ownership_controls(resource: Resource) -> Created:
    """Who owns a bucket's objects."""
    resource.client.put_bucket_ownership_controls(
        Bucket=resource.inputs["bucket"], OwnershipControls={"Rules": [resource.call["rule"]]}
    )
    return Created(resource.inputs["bucket"])


OWNERSHIP_CONTROLS = ResourceType(
    token="aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    service="s3",
    properties={
        "bucket": "Bucket",
        "rule": Inner("rule", {"objectOwnership": "ObjectOwnership"}),
    },
    create=put_ownership_controls,
    remove=call("delete_bucket_ownership_controls", Bucket=ID),
    mock_outputs=id_of_bucket,
    deploy_actions=("s3:GetBucketOwnershipControls", "s3:PutBucketOwnershipControls"),
)


def put_policy(resource: Resource) -> Created:
    """A bucket's whole policy."""
    resource.client.put_bucket_policy(**resource.call)
    return Created(resource.inputs["bucket"])


BUCKET_POLICY = ResourceType(
    token="aws:s3/bucketPolicy:BucketPolicy",
    service="s3",
    properties={"bucket": "Bucket", "policy": "Policy"},
    create=put_policy,
    remove=call("delete_bucket_policy", Bucket=ID),
    mock_outputs=id_of_bucket,
    document_limits={
        "policy": DocumentLimit(most=20_480, source="S3 user guide, Bucket policies: 20 KB")
    },
    deploy_actions=("s3:DeleteBucketPolicy", "s3:GetBucketPolicy", "s3:PutBucketPolicy"),
)
