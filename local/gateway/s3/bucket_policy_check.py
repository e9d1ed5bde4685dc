"""Bucket policies: S3 stores none with an unknown principal or another bucket's resource.

MiniStack stores any text, so that either mistake would only be found on AWS.
"""
# ruff: noqa: SLF001 -- answers as MiniStack's own handlers do

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

from ministack.services import s3

from local.gateway.authorization.policy_principals import statements, unknown_principal


def put_bucket_policy(original: Callable[[str, bytes], Any]) -> Callable[[str, bytes], Any]:
    """Check PutBucketPolicy's policy."""

    def checking(bucket: str, body: bytes) -> Any:
        problem = _problem(bucket, statements(body.decode("utf-8", errors="replace")))
        if problem is None:
            return original(bucket, body)
        return s3._error("MalformedPolicy", problem, 400, f"/{bucket}")

    return checking


def _problem(bucket: str, policy: list[dict[str, Any]]) -> str | None:
    unknown = unknown_principal(policy)
    if unknown is not None:
        return f"Invalid principal in policy: {unknown}"
    for statement in policy:
        given = statement.get("Resource", [])
        for resource in [given] if isinstance(given, str) else given:
            start, _, path = resource.partition(":s3:::")
            if not start.startswith("arn:") or not fnmatchcase(bucket, path.partition("/")[0]):
                return f"Policy has invalid resource: {resource}"
    return None
