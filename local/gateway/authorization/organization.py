"""The condition keys that tell the organization of a principal and of a resource.

No AWS service of the gateway calls as itself where a policy asks for the organization.
"""

from __future__ import annotations

from collections.abc import Callable

from ministack.core import iam_evaluator

from local.gateway import organizations
from local.gateway.stores import buckets

_Resolve = Callable[[str, iam_evaluator.EvalContext], object]


def resolve_condition_key(original: _Resolve) -> _Resolve:
    """Resolve the keys of principal and resource that tell their organization."""

    def resolve(key: str, context: iam_evaluator.EvalContext) -> object:
        match key.lower():
            case "aws:principalorgid":
                return organizations.of_account(context.principal_account)
            case "aws:resourceorgid":
                return organizations.of_account(_owner(context))
            case "aws:principalisawsservice":
                return "false"
        return original(key, context)

    return resolve


def _owner(context: iam_evaluator.EvalContext) -> str:
    """The account that a resource belongs to."""
    arn = context.resource_arn
    if arn.startswith("arn:aws:s3:::"):
        return buckets.owner_of(buckets.split(arn)[0]) or context.principal_account
    named = arn.split(":")[4] if arn.count(":") > 4 else ""  # noqa: PLR2004 (the account's place)
    return named or context.principal_account
