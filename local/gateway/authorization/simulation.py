"""What a role may do, evaluated without a request: for what AWS services do as the role."""
# ruff: noqa: SLF001 -- reads MiniStack's own look-ups

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ministack.core import iam_evaluator
from ministack.services import iam

from local.gateway.authorization import call_record
from local.gateway.authorization.call_record import Call
from local.gateway.authorization.stored_keys import stored_keys


def decided(
    context: iam_evaluator.EvalContext,
    policies: Sequence[Any],
    limits: Sequence[Any],
    resource_policy: tuple[Any, str] | None,
) -> Any:
    """MiniStack's EvalResult of all policies together, each of them parsed by MiniStack.

    `resource_policy` is the resource's policy and the account that owns the resource, if any.
    """
    result = iam_evaluator.evaluate(context, policies, *limits)
    if resource_policy is None:
        return result
    required = context.action.startswith("kms:")
    return iam_evaluator.combine_resource_policy(
        result, context, *resource_policy, required=required, limits=limits
    )


def allowed(
    role_arn: str,
    action: str,
    resource: str,
    *,
    region: str,
    conditions: Mapping[str, str] | None = None,
) -> bool:
    """Whether all policies together allow a session of the role to do `action` on `resource`."""
    account_id, name = role_arn.split(":")[4], role_arn.rpartition("/")[2]
    known = {**stored_keys(action, resource), **(conditions or {})}
    context = iam_evaluator.EvalContext(
        principal_arn=f"arn:aws:sts::{account_id}:assumed-role/{name}/service",
        principal_type="AssumedRole",
        principal_account=account_id,
        action=action,
        resource_arn=resource,
        region=region,
        secure_transport=True,
        service_context={key.lower(): value for key, value in known.items()},
    )
    limits = iam_evaluator._permissions_boundary(iam._roles, name, account_id)
    policies = iam_evaluator._gather_role_policies(name, account_id)
    found = iam_evaluator._resource_policy(action.partition(":")[0], resource)
    result = decided(context, policies, limits, found)
    call_record.add(
        Call(
            principal=context.principal_arn,
            action=action,
            resource=resource,
            region=region,
            decision=call_record.decision_of(result),
            conditions={**known, "aws:SecureTransport": "true"},
        )
    )
    return bool(result.decision == "Allow")
