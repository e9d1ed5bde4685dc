"""What a role may do, asked of its policies without a request: for what services do as the role."""
# ruff: noqa: SLF001 -- hooks into MiniStack's own functions

from __future__ import annotations

from collections.abc import Mapping

from ministack.core import iam_evaluator
from ministack.services import iam


def allowed(
    role_arn: str,
    action: str,
    resource: str,
    *,
    region: str,
    conditions: Mapping[str, str] | None = None,
) -> bool:
    """Whether a session of the role may do `action` on `resource`, all policies considered."""
    account_id, name = role_arn.split(":")[4], role_arn.rpartition("/")[2]
    context = iam_evaluator.EvalContext(
        principal_arn=f"arn:aws:sts::{account_id}:assumed-role/{name}/service",
        principal_type="AssumedRole",
        principal_account=account_id,
        action=action,
        resource_arn=resource,
        region=region,
        secure_transport=True,
        service_context={key.lower(): value for key, value in (conditions or {}).items()},
    )
    limits = iam_evaluator._permissions_boundary(iam._roles, name, account_id)
    policies = iam_evaluator._gather_role_policies(name, account_id)
    decided = iam_evaluator.evaluate(context, policies, *limits)
    service = action.partition(":")[0]
    found = iam_evaluator._resource_policy(service, resource)
    if found is not None:
        decided = iam_evaluator.combine_resource_policy(
            decided, context, *found, required=service == "kms", limits=limits
        )
    return bool(decided.decision == "Allow")
