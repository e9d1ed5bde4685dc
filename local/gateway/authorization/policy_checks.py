"""Policies of roles, buckets, keys and secrets: what AWS looks at before it keeps one.

MiniStack keeps any text, so that a role named before it is made, or a key that nobody may manage
any more, would only be found on an account.
"""
# ruff: noqa: SLF001 -- hooks into MiniStack's own functions

from __future__ import annotations

import json
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any
from xml.sax.saxutils import escape

from ministack.core import iam_evaluator
from ministack.core.responses import get_region
from ministack.services import iam, kms, s3, secretsmanager

from local.gateway.api.responses import failure
from local.gateway.authorization.policy_principals import unknown_principal

_Handler = Callable[..., Any]

_LOCKED_OUT = "The new key policy will not allow you to update the key policy in the future."


def _statements(document: str) -> list[dict[str, Any]]:
    """The statements of a policy; none where it isn't JSON."""
    try:
        found = json.loads(document)["Statement"]
    except (json.JSONDecodeError, KeyError, TypeError):
        return []
    return [found] if isinstance(found, dict) else found


def _trust(original: _Handler, parameter: str) -> _Handler:
    def handle(request: dict[str, Any]) -> Any:
        unknown = unknown_principal(_statements(iam._p(request, parameter)))
        if unknown is None:
            return original(request)
        message = escape(f"Invalid principal in policy: {unknown}")
        return iam._error(400, "MalformedPolicyDocument", message, ns="iam")

    return handle


def _bucket(original: _Handler) -> _Handler:
    def put_bucket_policy(bucket: str, body: bytes) -> Any:
        problem = _bucket_problem(bucket, _statements(body.decode("utf-8", errors="replace")))
        if problem is None:
            return original(bucket, body)
        return s3._error("MalformedPolicy", problem, 400, f"/{bucket}")

    return put_bucket_policy


def _bucket_problem(bucket: str, statements: list[dict[str, Any]]) -> str | None:
    unknown = unknown_principal(statements)
    if unknown is not None:
        return f"Invalid principal in policy: {unknown}"
    for statement in statements:
        given = statement.get("Resource", [])
        for resource in [given] if isinstance(given, str) else given:
            start, _, path = resource.partition(":s3:::")
            if not start.startswith("arn:") or not fnmatchcase(bucket, path.partition("/")[0]):
                return f"Policy has invalid resource: {resource}"
    return None


def _key(original: _Handler) -> _Handler:
    def handle(request: dict[str, Any]) -> Any:
        problem = _key_problem(request)
        if problem is None:
            return original(request)
        return failure("MalformedPolicyDocumentException", problem)

    return handle


def _key_problem(request: dict[str, Any]) -> str | None:
    policy = request.get("Policy")
    if policy is None:
        return None
    unknown = unknown_principal(_statements(policy))
    if unknown is not None:
        return f"Policy contains a statement with one or more invalid principals: {unknown}"
    checked = not request.get("BypassPolicyLockoutSafetyCheck")
    return _LOCKED_OUT if checked and not _caller_may_change(policy) else None


def _caller_may_change(policy: str) -> bool:
    """Whether a key's policy lets the caller, or the caller's account, write it anew."""
    caller = iam_evaluator.caller_arn()
    context = iam_evaluator.EvalContext(
        principal_arn=caller,
        principal_type="AssumedRole",
        principal_account=caller.split(":")[4],
        action="kms:PutKeyPolicy",
        resource_arn="*",
        region=get_region(),
    )
    return bool(iam_evaluator.evaluate_resource_policy(policy, context).decision == "Allow")


def _secret(original: _Handler) -> _Handler:
    def put_resource_policy(request: dict[str, Any]) -> Any:
        unknown = unknown_principal(_statements(request.get("ResourcePolicy", "")))
        if unknown is None:
            return original(request)
        message = f"This resource policy contains an unsupported principal: {unknown}"
        return failure("MalformedPolicyDocumentException", message)

    return put_resource_policy


def install() -> None:
    """Put the checks before MiniStack's own functions."""
    for call, parameter in (
        ("CreateRole", "AssumeRolePolicyDocument"),
        ("UpdateAssumeRolePolicy", "PolicyDocument"),
    ):
        iam._IAM_HANDLERS[call] = _trust(iam._IAM_HANDLERS[call], parameter)
    s3._put_bucket_policy = _bucket(s3._put_bucket_policy)
    kms._create_key, kms._put_key_policy = _key(kms._create_key), _key(kms._put_key_policy)
    secretsmanager._put_resource_policy = _secret(secretsmanager._put_resource_policy)
