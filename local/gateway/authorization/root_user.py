"""A bucket policy that denies something to its account's root user; MiniStack lets root pass."""
# ruff: noqa: SLF001 -- reads MiniStack's own look-ups

from __future__ import annotations

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id

from local.gateway.authorization.request import AuthorizationRequest, Denied

_POLICY_REPAIR = frozenset({"s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"})
"""What the root user may always do to a bucket of its account, so that it is never locked out."""


def decision(request: AuthorizationRequest) -> Denied | None:
    """The bucket policy's decision, where the caller is root and the policy denies the action."""
    if request.service != "s3" or request.action in _POLICY_REPAIR:
        return None
    if not iam_evaluator.is_root_access_key(request.access_key_id):
        return None
    found = iam_evaluator._resource_policy(request.service, request.resource)
    if found is None:
        return None
    account_id = get_account_id()
    decided = iam_evaluator.evaluate_resource_policy(
        found[0],
        iam_evaluator.EvalContext(
            principal_arn=f"arn:aws:iam::{account_id}:root",
            principal_type="Root",
            principal_account=account_id,
            action=request.action,
            resource_arn=request.resource,
            region=request.region,
            service_context={key.lower(): value for key, value in request.context.items()},
        ),
    )
    if decided.decision != "Deny":
        return None
    decided.resource_policy_arn = request.resource
    return decided
