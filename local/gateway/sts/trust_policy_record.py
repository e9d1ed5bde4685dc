"""The record of trust policies: who assumed a role, or was denied it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.core import iam_evaluator

from local.gateway.authorization import call_record
from local.gateway.authorization.call_record import Call


def evaluate_trust_policy(original: Callable[..., bool]) -> Callable[..., bool]:
    """Record what a role's trust policy decides when a caller assumes the role."""

    def recording(
        document: Any, caller: str, context: iam_evaluator.EvalContext | None = None
    ) -> bool:
        trusted = original(document, caller, context)
        if context is not None:
            call_record.add(
                Call(
                    principal=caller,
                    action=context.action,
                    resource=context.resource_arn,
                    region=context.region,
                    decision="allow" if trusted else "implicit-deny",
                    policy="trust",
                    conditions=dict(context.service_context),
                )
            )
        return trusted

    return recording
