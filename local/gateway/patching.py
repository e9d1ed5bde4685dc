"""How one attribute of MiniStack's is replaced, and how it is found missing.

Which ones are replaced stands in `patches.py`. Nothing else of the gateway assigns to MiniStack's
modules.
"""

from __future__ import annotations

import importlib
import importlib.metadata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

_TABLE = "local/gateway/patches.py"


def _version() -> str:
    return importlib.metadata.version("ministack")


class PatchError(Exception):
    """The installed MiniStack isn't the one that the table was written for."""


@dataclass(frozen=True, kw_only=True)
class Patch:
    """One row of the table."""

    attribute: str
    """The dotted path of a function or dictionary of one of MiniStack's modules."""

    item: str | None = None
    """The key of the entry, where the attribute is a dictionary."""

    replacement: Callable[[Any], Any]
    """Takes the original, or what an earlier row put there, and returns what takes its place."""

    reason: str
    adds: bool = False
    """Whether the entry is new. `replacement` then gets None."""

    @property
    def path(self) -> str:
        """The row's name in messages."""
        return self.attribute if self.item is None else f"{self.attribute}[{self.item!r}]"

    def problem(self) -> str | None:
        """Why the row can't be applied to the installed MiniStack; None where it can."""
        try:
            entries, key = self._entry()
        except (ImportError, KeyError):
            return self._missing(self.attribute)
        if key not in entries:
            return None if self.adds else self._missing(self.path)
        return self._present() if self.adds else None

    def _missing(self, path: str) -> str:
        return (
            f"MiniStack {_version()} has no {path}, which {_TABLE} changes ({self.reason}). "
            "Find what does this in that version, and change the row."
        )

    def _present(self) -> str:
        return (
            f"MiniStack {_version()} has {self.path}, which {_TABLE} adds ({self.reason}). "
            "Compare the two; then remove the row, or make it a replacement."
        )

    def apply(self) -> None:
        """Put the replacement in the original's place."""
        entries, key = self._entry()
        entries[key] = self.replacement(None if self.adds else entries[key])

    def _entry(self) -> tuple[dict[str, Any], str]:
        """The dictionary that holds what is replaced, and its key: a module is one, too."""
        module, _, name = self.attribute.rpartition(".")
        names = vars(importlib.import_module(module))
        return (names, name) if self.item is None else (names[name], self.item)


def apply(patches: Iterable[Patch]) -> None:
    """Apply the rows in their order, or none of them: raises `PatchError`."""
    rows = tuple(patches)
    problems = [problem for row in rows if (problem := row.problem()) is not None]
    if problems:
        raise PatchError("\n".join(problems))
    for row in rows:
        row.apply()


def wrap(
    attribute: str, wrapper: Callable[[Any], Any], reason: str, *, item: str | None = None
) -> Patch:
    """A row whose replacement calls the original: `wrapper` is given it."""
    return Patch(attribute=attribute, item=item, replacement=wrapper, reason=reason)


def replace(attribute: str, replacement: object, reason: str, *, item: str | None = None) -> Patch:
    """A row whose replacement stands alone."""
    return Patch(attribute=attribute, item=item, replacement=lambda _: replacement, reason=reason)


def add(attribute: str, entry: object, reason: str, *, item: str) -> Patch:
    """A row for an entry that MiniStack's dictionary doesn't have."""
    return Patch(
        attribute=attribute, item=item, replacement=lambda _: entry, reason=reason, adds=True
    )
