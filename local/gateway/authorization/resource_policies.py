"""The policies of buckets and keys in any account and Region.

MiniStack looks them up in the caller's account and Region only: another account's bucket policy
would be ignored, and another account's key could be used without a key policy.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.core.iam_evaluator import is_root_access_key
from ministack.core.responses import request_scope
from ministack.core.router import extract_access_key_id

from local.gateway.stores import buckets

_Policy = tuple[str, str]
"""A policy document, empty where there is none, and the account that owns the resource."""

_LookUp = Callable[[str], _Policy | None]


def bucket_policy_for_arn(original: _LookUp) -> _LookUp:
    """Look up a bucket's policy in the account that owns it."""

    def look_up(resource: str) -> _Policy | None:
        own = original(resource)
        if own is not None or not resource.startswith("arn:aws:s3:::"):
            return own
        return buckets.bucket_policy(resource)

    return look_up


def key_policy_for_arn(original: _LookUp) -> _LookUp:
    """Look up a key's policy in the key's own account and Region."""

    def look_up(resource: str) -> _Policy | None:
        region, account_id = resource.split(":")[3:5]
        with request_scope(account_id, region):
            # Without a key there is no policy, and no caller may use it. An alias has none itself.
            without = None if ":alias/" in resource else ("", account_id)
            return original(resource) or without

    return look_up


def foreign_bucket_allows(original: Callable[..., bool]) -> Callable[..., bool]:
    """Skip MiniStack's second check of a role's request for another account's bucket.

    It evaluates the policy for the root of the caller's account, so a policy that names a role
    would never allow it. A role's request is authorized before, by its policies and the bucket's.
    """

    def allows(*arguments: Any) -> bool:
        # Owner, bucket, key, method, query and caller; headers where there is a request.
        query, headers = arguments[4], dict(enumerate(arguments)).get(6)
        access_key_id = extract_access_key_id(headers or {}, query)
        signed_by_role = bool(access_key_id) and not is_root_access_key(access_key_id)
        return signed_by_role or original(*arguments)

    return allows
