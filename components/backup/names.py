"""The names and ARNs of what makes backups, all computed. Doesn't import Pulumi."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.aws.naming import EVENT_RULE_NAME_LIMIT, FUNCTION_NAME_LIMIT, HUB_OWNER, Names

if TYPE_CHECKING:
    from components.pipeline.site import PipelineSite

FUNCTION_ROLE = "backup"
"""The purpose of the hub's role that the function works as."""

BACKUPS = "metadata/"
"""The prefix of the backups in their bucket."""


def function_name_of(names: Names) -> str:
    """The function that makes the backups."""
    return names.of(HUB_OWNER, "backup", limit=FUNCTION_NAME_LIMIT)


def function_name(hub: PipelineSite) -> str:
    """The same for the hub's site."""
    return function_name_of(hub.settings.names)


def rule_name(hub: PipelineSite) -> str:
    """The rule that calls the function, on the default bus of the hub's account and Region."""
    return hub.name_of("backup", limit=EVENT_RULE_NAME_LIMIT)
