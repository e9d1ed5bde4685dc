"""The policies of event buses: MiniStack stores a whole policy as a statement for everyone."""
# ruff: noqa: SLF001 -- reads and writes MiniStack's own stores

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ministack.services import eventbridge

from local.gateway.api.responses import failure, success
from local.gateway.authorization.policy_principals import statements

_Policy = tuple[Any, str | None]
"""A policy, empty where there is none, and the account that owns the resource."""


def put_permission(original: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    """Store the policy of a PutPermission that has one; MiniStack handles single statements."""

    def putting(request: dict[str, Any]) -> Any:
        bus = request.get("EventBusName", "default")
        if bus not in eventbridge._event_buses:
            return failure("ResourceNotFoundException", f"Event bus {bus} does not exist.")
        if "Policy" not in request:
            return original(request)
        if not statements(request["Policy"]):
            return failure("ValidationException", "Policy: isn't a policy with statements")
        eventbridge._event_bus_policies[bus] = json.loads(request["Policy"])
        return success({})

    return putting


def resource_policy(
    original: Callable[[str, str], _Policy | None],
) -> Callable[[str, str], _Policy | None]:
    """Look up the policy of an event bus; MiniStack looks up those of other services only."""

    def look_up(service: str, resource: str) -> _Policy | None:
        if service != "events" or ":event-bus/" not in resource:
            return original(service, resource)
        region, account_id = resource.split(":")[3:5]
        _, _, bus = resource.partition(":event-bus/")
        policy = eventbridge._event_bus_policies.get_scoped(account_id, region, bus)
        return policy or "", account_id

    return look_up
