"""How an object is encrypted, or will be: its headers, and the customer key that they name."""
# ruff: noqa: SLF001 -- reads MiniStack's own stores

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ministack.services import s3

from local.gateway.stores import buckets

ALGORITHM = "x-amz-server-side-encryption"
KEY_ID = "x-amz-server-side-encryption-aws-kms-key-id"

_BUCKET_KEY = re.compile(rb"<BucketKeyEnabled>\s*true\s*<", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class KeyUse:
    """The customer key of an object, and how S3 calls AWS KMS for it."""

    key_arn: str
    region: str
    """The bucket's, which is the key's too."""

    context: str
    """`aws:s3:arn` of the encryption context: the bucket with Bucket Keys, else the object."""

    @property
    def conditions(self) -> dict[str, str]:
        """The condition keys of S3's call to AWS KMS on behalf of the caller."""
        return {
            "kms:ViaService": f"s3.{self.region}.amazonaws.com",
            "kms:EncryptionContext:aws:s3:arn": self.context,
        }


def use_of(bucket: str, key: str, headers: dict[str, str]) -> KeyUse | None:
    """The customer key that `headers` (a request's or a stored object's) name, if they name one."""
    owner, region = buckets.owner_of(bucket), buckets.region_of(bucket)
    key_id = headers.get(KEY_ID)
    if owner is None or region is None or headers.get(ALGORITHM) != "aws:kms" or not key_id:
        return None
    arn = key_id if key_id.startswith("arn:") else f"arn:aws:kms:{region}:{owner}:key/{key_id}"
    configured = s3._bucket_encryption.get_scoped(owner, None, bucket) or b""
    raw = configured.encode() if isinstance(configured, str) else configured
    has_bucket_key = _BUCKET_KEY.search(raw) is not None
    context = f"arn:aws:s3:::{bucket}" if has_bucket_key else f"arn:aws:s3:::{bucket}/{key}"
    return KeyUse(key_arn=arn, region=region, context=context)


def default_headers(bucket: str) -> dict[str, str]:
    """The encryption headers that the bucket's default encryption stands for."""
    owner = buckets.owner_of(bucket)
    if owner is None:
        return {}
    with s3._in_account(owner):
        headers: dict[str, str] = s3._bucket_default_sse_headers(bucket)
    return headers


def stored_headers(bucket: str, key: str, version_id: str | None) -> dict[str, str]:
    """The encryption headers an object was stored with; none where it doesn't exist."""
    owner = buckets.owner_of(bucket)
    if owner is None:
        return {}
    record: dict[str, Any] | None
    if version_id is None:
        record = (buckets.bucket_of(bucket) or {"objects": {}})["objects"].get(key)
    else:
        versions = s3._object_versions.get_scoped(owner, None, (bucket, key)) or []
        record = next((row for row in versions if row["version_id"] == version_id), None)
    return dict((record or {}).get("preserved_headers", {}))


def upload(upload_id: str) -> dict[str, Any]:
    """MiniStack's record of a multipart upload in any account; empty where there is none."""
    uploads = s3._multipart_uploads._data.items()
    return next((dict(record) for (_, known), record in uploads if known == upload_id), {})
