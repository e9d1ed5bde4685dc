"""Trust policies of roles: IAM stores none that names a principal that doesn't exist.

MiniStack stores any text, so that a role named before it is made would only fail on AWS.
"""
# ruff: noqa: SLF001 -- reads and answers as MiniStack's own handlers do

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

from ministack.services import iam

from local.gateway.authorization.policy_principals import statements, unknown_principal

_Handler = Callable[[dict[str, Any]], Any]


def create_role(original: _Handler) -> _Handler:
    """Check CreateRole's trust policy."""
    return _checked(original, "AssumeRolePolicyDocument")


def update_assume_role_policy(original: _Handler) -> _Handler:
    """Check UpdateAssumeRolePolicy's trust policy."""
    return _checked(original, "PolicyDocument")


def _checked(original: _Handler, parameter: str) -> _Handler:
    def checking(request: dict[str, Any]) -> Any:
        unknown = unknown_principal(statements(iam._p(request, parameter)))
        if unknown is None:
            return original(request)
        message = escape(f"Invalid principal in policy: {unknown}")
        return iam._error(400, "MalformedPolicyDocument", message, ns="iam")

    return checking
