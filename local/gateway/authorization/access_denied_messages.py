"""The message of a denied call names the action and the resource that were denied.

MiniStack names the request's own, also where a dependent action was denied.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from ministack.core import iam_actions

_denied_call: ContextVar[tuple[str, str] | None] = ContextVar("denied_call", default=None)
"""The action and resource that were denied last."""


def note(action: str, resource: str) -> None:
    """Keep what was denied, for the message that the current request gets."""
    _denied_call.set((action, resource))


def access_denied_response(original: Callable[..., Any]) -> Callable[..., Any]:
    """Name the call that was denied in MiniStack's response."""

    def naming(
        service: str, action: str, principal_arn: str, request_id: str, **options: Any
    ) -> Any:
        denied = _denied_call.get()
        if denied is not None and not options.get("error_code"):
            action, options["resource_arn"] = denied
            explicit = bool(options.get("explicit_deny"))
            if not (explicit and options.get("resource_policy_arn")):
                options["message"] = iam_actions.identity_denial_message(
                    action, principal_arn, options["resource_arn"], explicit
                )
        return original(service, action, principal_arn, request_id, **options)

    return naming
