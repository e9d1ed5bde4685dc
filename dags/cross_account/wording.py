"""How errors name many things."""

from __future__ import annotations

from collections.abc import Sequence

_SHOWN = 3
"""Keys that an error names before it only counts the rest."""


def some(keys: Sequence[str]) -> str:
    """The first of `keys`, and how many more there are."""
    rest = len(keys) - _SHOWN
    return ", ".join(keys[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")
