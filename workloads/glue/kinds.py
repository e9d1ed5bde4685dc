"""The kinds of columns, and the rule that finds the kind of a column that isn't pinned.

The rule looks at the whole input (docs/data.md, ADR 45). It counts a column's cells that aren't
empty; cells of rows that have another number of cells than the header don't count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workloads.glue.errors import InputError, some

NUMBER, BOOLEAN, TIMESTAMP, CATEGORY, DROP = "number", "boolean", "timestamp", "category", "drop"
KINDS = (NUMBER, BOOLEAN, TIMESTAMP, CATEGORY, DROP)

FITTING = 0.9
"""The part of a column's cells that fit the kind that is found: the others reject their rows."""

DISTINCT = 0.5
"""The part of a column's cells from which on different texts are names or ids, not categories."""

SHOWN = 20

MAX_CATEGORIES = 50
"""Levels of a category, each a column: more of them are seldom learned, and lengthen every row."""

MAX_CLASSES = 1000
"""Classes of a label: XGBoost grows a tree for each in each round."""


@dataclass(frozen=True, kw_only=True)
class Pinned:
    """The kind of a column as the topology gives it."""

    kind: str
    max_categories: int = MAX_CATEGORIES


@dataclass(frozen=True, kw_only=True)
class Cells:
    """What a column's cells are: how many are empty, numbers, texts, and texts of a kind."""

    missing: int = 0
    numbers: int
    texts: int = 0
    different_texts: int = 0
    booleans: int = 0
    timestamps: int = 0

    @property
    def filled(self) -> int:
        """The cells that aren't empty."""
        return self.numbers + self.texts


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of the input: its kind and, of a category, the levels in the model's order."""

    name: str
    kind: str
    is_pinned: bool = False
    levels: tuple[str, ...] = ()
    has_other: bool = False
    """Whether there are levels beyond `levels`, which share a last one."""

    times: tuple[int, ...] = ()
    """How many cells have each of the levels."""

    cells: Cells = Cells(numbers=0)
    """What its cells are, by which its kind was found."""


def kind_of(cells: Cells) -> str:
    """The kind of a column with such cells."""
    enough = FITTING * cells.filled
    if cells.numbers >= enough:
        return NUMBER
    # A cell that is 0 or 1 may be a number as well: a column that has both is to be pinned.
    if cells.booleans >= enough and not cells.numbers:
        return BOOLEAN
    if cells.timestamps >= enough:
        return TIMESTAMP
    are_names = cells.different_texts > max(DISTINCT * cells.filled, MAX_CATEGORIES)
    return DROP if are_names else CATEGORY


def label_kind_of(cells: Cells) -> str:
    """The kind of the label: numbers, or else classes."""
    return NUMBER if cells.numbers >= FITTING * cells.filled else CATEGORY


def pinned(settings: Mapping[str, Any]) -> dict[str, Pinned]:
    """The pinned columns of the job's settings, by their names."""
    return {name: Pinned(**given) for name, given in settings.get("columns", {}).items()}


def check_pinned(source: str, names: Sequence[str], pins: Mapping[str, Pinned]) -> None:
    """Fail where a column is pinned that isn't there, unless it is to be dropped anyway."""
    wanted = [name for name, pin in pins.items() if pin.kind != DROP and name not in names]
    if wanted:
        raise InputError(
            f"{source} lacks {some(list(map(repr, wanted)), SHOWN)}, which the topology pins: add "
            "the column, or take it out of `columns`."
        )


def in_order(label: str, columns: Sequence[Column]) -> list[Column]:
    """The columns that are written, label first."""
    features = [column for column in columns if column.name != label and column.kind != DROP]
    return [next(column for column in columns if column.name == label), *features]
