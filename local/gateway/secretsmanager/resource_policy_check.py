"""Resource policies of secrets: Secrets Manager stores none that names an unknown principal.

MiniStack stores any text, so that such a policy would only fail on AWS.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local.gateway.api.responses import failure
from local.gateway.authorization.policy_principals import statements, unknown_principal

_Handler = Callable[[dict[str, Any]], Any]


def put_resource_policy(original: _Handler) -> _Handler:
    """Check PutResourcePolicy's policy."""

    def checking(request: dict[str, Any]) -> Any:
        unknown = unknown_principal(statements(request.get("ResourcePolicy", "")))
        if unknown is None:
            return original(request)
        message = f"This resource policy contains an unsupported principal: {unknown}"
        return failure("MalformedPolicyDocumentException", message)

    return checking
