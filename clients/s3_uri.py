"""Addresses of S3 objects, as AWS's services write them."""

from __future__ import annotations


def bucket_and_key(uri: str) -> tuple[str, str]:
    """The bucket and the key, or the prefix, of `s3://bucket/key`."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key
