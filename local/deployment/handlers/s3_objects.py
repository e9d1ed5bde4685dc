"""Amazon S3: objects."""

from __future__ import annotations

import base64
from urllib.parse import urlencode

from local.deployment.assets import asset_bytes
from local.deployment.errors import DeploymentError
from local.deployment.resource import Created, Resource, creates
from local.deployment.translation import Rule


@creates(
    "aws:s3/bucketObjectv2:BucketObjectv2",
    {
        "bucket": "Bucket",
        "bucketKeyEnabled": "BucketKeyEnabled",
        "cacheControl": "CacheControl",
        "content": Rule.HANDLED,
        "contentBase64": Rule.HANDLED,
        "contentType": "ContentType",
        "etag": Rule.UNUSED_AT_CREATION,
        "forceDestroy": Rule.UNUSED_AT_CREATION,
        "key": "Key",
        "kmsKeyId": "SSEKMSKeyId",
        "metadata": "Metadata",
        "serverSideEncryption": "ServerSideEncryption",
        "source": Rule.HANDLED,
        "sourceHash": Rule.UNUSED_AT_CREATION,
        "storageClass": "StorageClass",
    },
    tagged=True,
)
def put_object(resource: Resource) -> Created:
    """An object from a file, a text or Base64."""
    bucket, key = resource.inputs["bucket"], resource.inputs["key"]
    s3 = resource.client("s3")
    tagging = {"Tagging": urlencode(resource.tags)} if resource.tags else {}
    stored = s3.put_object(**resource.call, Body=_body(resource), **tagging)
    return Created(
        f"{bucket}/{key}",
        {
            "arn": f"arn:{s3.meta.partition}:s3:::{bucket}/{key}",
            "etag": stored["ETag"].strip('"'),
            "versionId": stored.get("VersionId", ""),
        },
    )


def _body(resource: Resource) -> bytes:
    given = [name for name in ("content", "contentBase64", "source") if name in resource.inputs]
    match given:
        case ["content"]:
            return str(resource.inputs["content"]).encode()
        case ["contentBase64"]:
            return base64.b64decode(resource.inputs["contentBase64"])
        case ["source"]:
            return asset_bytes(resource.inputs["source"])
    raise DeploymentError(
        f"an object takes exactly one of content, contentBase64 and source, not {given or 'none'}"
    )
