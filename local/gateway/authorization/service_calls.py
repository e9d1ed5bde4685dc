"""What an AWS service does in its own name, for which a resource's policy names the service."""
# ruff: noqa: SLF001 -- reads MiniStack's own look-ups

from __future__ import annotations

from collections.abc import Mapping

from ministack.core import iam_evaluator

from local.gateway.authorization import call_record
from local.gateway.authorization.call_record import Call


def allowed(
    service: str, action: str, resource: str, *, region: str, conditions: Mapping[str, str]
) -> bool:
    """Whether the resource's policy allows `service` (`events.amazonaws.com`) to do `action`."""
    found = iam_evaluator._resource_policy(action.partition(":")[0], resource)
    context = iam_evaluator.EvalContext(
        principal_arn=service,
        principal_type="AWSService",
        principal_account="",
        action=action,
        resource_arn=resource,
        region=region,
        secure_transport=True,
        service_context={key.lower(): value for key, value in conditions.items()},
    )
    decided = iam_evaluator.evaluate_resource_policy(found and found[0], context, service)
    call_record.add(
        Call(
            principal=service,
            action=action,
            resource=resource,
            region=region,
            decision=call_record.decision_of(decided),
            conditions={**conditions, "aws:SecureTransport": "true"},
        )
    )
    return bool(decided.decision == "Allow")
