"""Amazon S3: objects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import pulumi

from local.deployment.assets import archive_bytes, asset_bytes
from local.deployment.errors import DeploymentError
from local.deployment.limits import NameLimit
from local.deployment.mocked import Mocked, Outputs, hexadecimal
from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType
from local.deployment.services.s3.versions import delete_versions
from local.deployment.translation import Rule


def put_object(resource: Resource) -> Created:
    """An object from a file, an archive or a string."""
    s3, bucket, key = resource.client, resource.inputs["bucket"], resource.inputs["key"]
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
    given = [name for name in ("content", "source") if name in resource.inputs]
    match given:
        case ["content"]:
            return str(resource.inputs["content"]).encode()
        case ["source"]:
            source = resource.inputs["source"]
            archived = isinstance(source, pulumi.Archive)
            return archive_bytes(source) if archived else asset_bytes(source)
    raise DeploymentError(
        f"an object takes exactly one of content and source, not {given or 'none'}"
    )


def put_again(resource: Resource, _id: str) -> Mapping[str, Any]:
    """Another version."""
    return put_object(resource).outputs


def delete_object(resource: Resource, _id: str) -> None:
    """All versions of the object."""
    delete_versions(resource.client, resource.inputs["bucket"], resource.inputs["key"])


def mock_object(mocked: Mocked) -> Outputs:
    """An object whose version changes with its content."""
    inputs = mocked.inputs
    content = repr(inputs.get("content") or inputs.get("source"))
    return {
        "id": f"{inputs['bucket']}/{inputs['key']}",
        "etag": hexadecimal(content, 32),
        "versionId": f"version-of-{mocked.name}-{hexadecimal(content, 8)}",
    }


OBJECT = ResourceType(
    token="aws:s3/bucketObjectv2:BucketObjectv2",
    service="s3",
    properties={
        "bucket": "Bucket",
        "content": Rule.HANDLED,
        "contentType": "ContentType",
        "key": "Key",
        "source": Rule.HANDLED,
    },
    create=put_object,
    update=put_again,
    remove=delete_object,
    mock_outputs=mock_object,
    takes_tags=True,
    name_limit=NameLimit(
        key="key",
        most=1024,
        pattern=r"[0-9A-Za-z!_.*'()/-]+",
        unique_in=None,
        source="S3 user guide, Naming Amazon S3 objects",
    ),
    deploy_actions=(
        "kms:Decrypt",
        "kms:GenerateDataKey",
        "s3:DeleteObject",
        "s3:DeleteObjectVersion",
        "s3:GetObject",
        "s3:GetObjectTagging",
        "s3:GetObjectVersion",
        "s3:ListBucketVersions",
        "s3:PutObject",
        "s3:PutObjectTagging",
    ),
)
