"""From Pulumi's property names to the AWS API's, with nothing silently ignored.

A table says for every property of a resource type what becomes of it. A property that no table
names is an error: a local deployment that leaves one out would prove less than it claims.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from local.deployment.errors import DeploymentError


class Rule(Enum):
    """What becomes of a property that isn't passed on under another name."""

    HANDLED = "the handler itself reads it"
    UNUSED_AT_CREATION = "only a later update or deletion would use it"


@dataclass(frozen=True)
class Inner:
    """A property whose value is a structure, or a list of structures, with a table of its own."""

    name: str
    table: Table


Table = Mapping[str, str | Inner | Rule]


def translate(properties: Mapping[str, Any], table: Table, path: str = "") -> dict[str, Any]:
    """The call's parameters for `properties`.

    Raises DeploymentError for a property that `table` doesn't know, with its path.
    """
    translated: dict[str, Any] = {}
    for key, value in properties.items():
        rule = table.get(key)
        if rule is None:
            known = ", ".join(sorted(table))
            raise DeploymentError(
                f"the property {path}{key} isn't known to the local deployment, which ignores"
                f" nothing: say in its table what becomes of it (known: {known})"
            )
        if isinstance(rule, Inner):
            translated[rule.name] = _translate_inner(value, rule.table, f"{path}{key}.")
        elif isinstance(rule, str):
            translated[rule] = value
    return translated


def _translate_inner(value: Any, table: Table, path: str) -> Any:
    if isinstance(value, list):
        return [translate(item, table, path) for item in value]
    return translate(value, table, path)
