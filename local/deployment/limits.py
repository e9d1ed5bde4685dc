"""AWS's limits on the names and the policy documents of a resource type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, kw_only=True)
class NameLimit:
    """What AWS accepts as a name, in bytes, and where no other resource may have the same."""

    key: str
    least: int = 1
    most: int
    pattern: str
    unique_in: Literal["the world", "the account", "the Region"] | None
    source: str
    """The AWS document that says so."""

    def names(self, inputs: Mapping[str, Any]) -> Iterator[str]:
        """The names in a resource's inputs: one, or one per rule."""
        value = inputs[self.key]
        if isinstance(value, list):
            yield from (str(item["id"]) for item in value)
        else:
            yield str(value)


@dataclass(frozen=True, kw_only=True)
class DocumentLimit:
    """The most characters that AWS accepts in a policy document."""

    most: int
    source: str
    """The AWS document that says so."""
