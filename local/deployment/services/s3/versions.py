"""Amazon S3: all versions of objects, as the provider deletes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from local.deployment.errors import DeploymentError


def delete_versions(s3: Any, bucket: str, key: str | None = None) -> None:
    """Delete every version and every delete marker, of one object or of all."""
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=key or ""):
        found = [each for each in _versions(page) if key is None or each["Key"] == key]
        if not found:
            continue
        answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": found, "Quiet": True})
        if errors := answer.get("Errors"):
            first = errors[0]
            raise DeploymentError(
                f"{len(errors)} of {len(found)} objects can't be deleted, such as {first['Key']}:"
                f" {first['Code']}: {first['Message']}"
            )


def _versions(page: dict[str, Any]) -> Iterator[dict[str, str]]:
    for kind in ("Versions", "DeleteMarkers"):
        for each in page.get(kind, []):
            yield {"Key": each["Key"], "VersionId": each["VersionId"]}
