"""One authorization request, and what it is answered with where it is denied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Denied: TypeAlias = Any
"""A decision that denies: MiniStack's EvalResult (of policies) or AuthError (of credentials)."""

ConditionKeys: TypeAlias = dict[str, str | list[str]]
"""Values by the names of their condition keys."""


@dataclass(frozen=True, kw_only=True)
class AuthorizationRequest:
    """Whether the holder of an access key may do an action on a resource."""

    access_key_id: str
    action: str
    service: str
    region: str
    resource: str
    context: dict[str, Any]
    """The condition keys."""

    because_of: str | None = None
    """The action that depends on this one, if any."""


@dataclass(frozen=True, kw_only=True)
class DependentAction:
    """A further action that a call needs permission for."""

    action: str
    resource: str
    region: str
    conditions: Mapping[str, str | list[str]] = field(default_factory=dict)
