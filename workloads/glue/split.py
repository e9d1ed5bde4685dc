"""What decides which rows are for training and which for validation.

Split by `record` a row's channel follows from a hash of its number in its file and of that file's
version: every attempt splits alike, and both channels are samples of the same rows. Split by
`content` it follows from the row as it is written: equal rows are in one channel, in every file
whose columns have the same kinds and levels. Split by `group` it follows from a hash of what a
column holds, and split by `time` from whether that is at or after a moment; the column needn't be a
feature.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workloads.glue.record import as_number, as_seconds

RECORD, CONTENT, TIME, GROUP = "record", "content", "time", "group"


@dataclass(frozen=True, kw_only=True)
class Split:
    """The split that the topology gives."""

    by: str = RECORD
    column: str | None = None
    """The column that decides, by time or by group."""

    validation_from: str | None = None
    """By time: the first moment of validation."""

    @property
    def first_second(self) -> float:
        """The first moment of validation in seconds since 1970."""
        found = moment(self.validation_from or "")
        if found is None:
            raise ValueError(self.validation_from)
        return found

    @property
    def settings(self) -> dict[str, str]:
        """What is given, as the topology has it."""
        given = {"by": self.by, "column": self.column, "validation_from": self.validation_from}
        return {name: value for name, value in given.items() if value is not None}

    def __str__(self) -> str:
        """How the rows are split, for messages."""
        if self.by == TIME:
            return f"by time: validation from {self.validation_from} on in {self.column!r}"
        if self.by == GROUP:
            return f"by group: validation is a fifth of the values of {self.column!r}"
        return f"by {self.by}"


def split_of(settings: Mapping[str, Any]) -> Split:
    """The split of the job's settings."""
    return Split(**settings.get("split", {}))


def moment(text: str) -> float | None:
    """A moment in seconds since 1970, read like the cells of a timestamp."""
    number = as_number(text)
    return as_seconds(text) if number is None else number
