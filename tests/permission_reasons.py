"""The reasons for permissions and wildcards, in `components/aws/permission_reasons.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parents[1] / "components" / "aws" / "permission_reasons.yaml"
_REASONS: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))

EVERY_RESOURCE: Mapping[str, str] = _REASONS["every_resource"]
"""Actions that a role may be allowed on every resource, and why AWS accepts nothing narrower."""

WILDCARD_ACTIONS: Mapping[str, str] = _REASONS["wildcard_actions"]


@dataclass(frozen=True, kw_only=True)
class Unseen:
    """A permission that no run shows to be used, and why it is there."""

    kind: str
    sid: str
    permission: str
    why: str
    document: str
    sometimes: bool = False
    """Whether some runs use it: for what only a failure needs, or another way to start a run."""

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is found by."""
        return self.kind, self.sid, self.permission


def unseen() -> Iterator[Unseen]:
    """Every line of the table; an incomplete one fails."""
    for kind, statements in _REASONS["unseen"].items():
        for sid, permissions in statements.items():
            for permission, reason in permissions.items():
                yield Unseen(kind=kind, sid=sid, permission=permission, **reason)


def permissions_of(statement: Mapping[str, Any]) -> list[str]:
    """What a statement grants: actions, and where it lets services in, each service's."""
    services = listed(statement.get("Principal", {}).get("Service", []))
    actions = listed(statement["Action"])
    if "Resource" in statement or not services:
        return actions
    return [f"{action} by {service}" for action in actions for service in services]


def listed(value: Any) -> list[str]:
    """IAM's way to write one value or several, as several."""
    return [value] if isinstance(value, str) else list(value)


def wildcards_without_reason(statement: Mapping[str, Any]) -> list[str]:
    """Actions and resources that a statement allows by a wildcard without a reason."""
    if statement["Effect"] == "Deny":
        return []
    actions = listed(statement["Action"])
    wild = [action for action in actions if "*" in action and action not in WILDCARD_ACTIONS]
    # In the policy of a key `*` is the key, and a trust policy has no resource.
    of_role = "Principal" not in statement
    for resource in listed(statement.get("Resource", [])):
        if resource == "*":
            wild += [each for each in actions if of_role and each not in EVERY_RESOURCE]
        elif "*" in resource and not any(
            re.fullmatch(known["resource"], resource) for known in _REASONS["wildcard_names"]
        ):
            wild.append(resource)
    return wild


def unneeded_patterns(resources: set[str]) -> list[str]:
    """The patterns for wildcards in names that none of `resources` has any more."""
    return [
        known["resource"]
        for known in _REASONS["wildcard_names"]
        if not any(re.fullmatch(known["resource"], resource) for resource in resources)
    ]
