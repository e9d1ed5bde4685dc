"""Key policies: AWS KMS stores none with an unknown principal, or that locks its caller out.

MiniStack stores any text, so that a key that no principal can manage would only be found on AWS.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.responses import get_region

from local.gateway.api.responses import failure
from local.gateway.authorization.policy_principals import statements, unknown_principal

_Handler = Callable[[dict[str, Any]], Any]

_LOCKED_OUT = "The new key policy will not allow you to update the key policy in the future."


def checked(original: _Handler) -> _Handler:
    """Check the policy of CreateKey or PutKeyPolicy, if the request has one."""

    def checking(request: dict[str, Any]) -> Any:
        problem = _problem(request)
        if problem is None:
            return original(request)
        return failure("MalformedPolicyDocumentException", problem)

    return checking


def _problem(request: dict[str, Any]) -> str | None:
    policy = request.get("Policy")
    if policy is None:
        return None
    unknown = unknown_principal(statements(policy))
    if unknown is not None:
        return f"Policy contains a statement with one or more invalid principals: {unknown}"
    checks_lockout = not request.get("BypassPolicyLockoutSafetyCheck")
    return _LOCKED_OUT if checks_lockout and not _caller_may_change(policy) else None


def _caller_may_change(policy: str) -> bool:
    """Whether a key's policy lets the caller, or the caller's account, replace it."""
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
