"""Buckets, whichever account owns them."""
# ruff: noqa: SLF001 -- reads MiniStack's own stores

from __future__ import annotations

from typing import Any

from ministack.services import s3

_FIRST_REGION = "us-east-1"
"""The Region of a bucket that was created without one."""


def split(object_arn: str) -> tuple[str, str]:
    """Bucket and key of `arn:aws:s3:::bucket/key`."""
    bucket, _, key = object_arn.split(":::", 1)[1].partition("/")
    return bucket, key


def owner_of(name: str) -> str | None:
    """The account that owns the bucket `name`; None where there is no such bucket."""
    owner: str | None = s3._bucket_owner_account(name)
    return owner


def bucket_of(name: str) -> dict[str, Any] | None:
    """MiniStack's record of the bucket `name`; None where there is no such bucket."""
    owner = owner_of(name)
    if owner is None:
        return None
    found: dict[str, Any] | None = s3._buckets.get_scoped(owner, None, name)
    return found


def largest_object(name: str) -> int:
    """The bytes of the largest object in the bucket `name`."""
    objects = (bucket_of(name) or {}).get("objects", {})
    return max((int(each["size"]) for each in list(objects.values())), default=0)


def region_of(name: str) -> str | None:
    """The Region of the bucket `name`; None where there is no such bucket."""
    bucket = bucket_of(name)
    return None if bucket is None else bucket.get("region") or _FIRST_REGION


def bucket_policy(resource: str) -> tuple[str, str] | None:
    """The policy and the owner of the bucket that `resource` (a bucket or object ARN) names."""
    bucket, _ = split(resource)
    owner = owner_of(bucket)
    return (s3._bucket_policies.get_scoped(owner, None, bucket) or "", owner) if owner else None
