"""What a bucket policy denies to an account's root; MiniStack lets root pass."""
# ruff: noqa: SLF001 -- reads MiniStack's own look-ups

from __future__ import annotations

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id

from local.gateway.authorization.request import Denial, Question

_POLICY_REPAIR = frozenset({"s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"})
"""What an account's root may always do to its own bucket, so that nobody is locked out."""


def denial(asked: Question) -> Denial | None:
    """The bucket policy's denial, where root asks and the policy denies it."""
    if asked.service != "s3" or asked.action in _POLICY_REPAIR:
        return None
    if not iam_evaluator.is_root_access_key(asked.access_key_id):
        return None
    found = iam_evaluator._resource_policy(asked.service, asked.resource)
    if found is None:
        return None
    account_id = get_account_id()
    evaluated = iam_evaluator.evaluate_resource_policy(
        found[0],
        iam_evaluator.EvalContext(
            principal_arn=f"arn:aws:iam::{account_id}:root",
            principal_type="Root",
            principal_account=account_id,
            action=asked.action,
            resource_arn=asked.resource,
            region=asked.region,
            service_context={key.lower(): value for key, value in asked.context.items()},
        ),
    )
    if evaluated.decision != "Deny":
        return None
    evaluated.resource_policy_arn = asked.resource
    return evaluated
