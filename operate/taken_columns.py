"""As what each column of a run was taken, why, and which of its cells rejected rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from difflib import get_close_matches
from typing import Any

from operate.errors import OperateError, UsageError
from operate.results import has_reason
from workloads.glue.kinds import BOOLEAN, CATEGORY, DROP, FITTING, NUMBER, TIMESTAMP, Cells

_CLOSE = 3

_REASONS = {
    NUMBER: "{numbers} are numbers",
    BOOLEAN: "{booleans} are truth values, and none is a number",
    TIMESTAMP: "{timestamps} are dates or times",
    DROP: "{different_texts} are different texts: names or ids",
    CATEGORY: "{numbers} are numbers, {booleans} truth values, {timestamps} dates or times: none "
    "is nine of ten; {different_texts} different texts",
}
_CLASSES = "{numbers} are numbers, not nine of ten, so each text is a class"
_BOTH = "{booleans} are truth values, but {numbers} are numbers: pin it to choose"


def taken_columns(
    manifest: Mapping[str, Any], rejected: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The columns of the input in their order; `rejected` are the first rejected rows."""
    return [
        _column(place, column, manifest, rejected)
        for place, column in enumerate(manifest.get("taken", []))
    ]


def selected(found: Mapping[str, Any], names: Sequence[str]) -> list[dict[str, Any]]:
    """The columns of these names of a run that is explained."""
    columns = {column["name"]: column for column in found["columns"]}
    if not columns:
        raise OperateError(
            f"run {found['run']} doesn't say what its columns were taken as: its manifest would, "
            "and it has none, or one of an earlier version of the job; without --column, the "
            "reasons for rejected rows are shown"
        )
    for name in names:
        if name not in columns:
            close = get_close_matches(name, columns, n=_CLOSE)
            hint = f"; the closest are {', '.join(close)}" if close else ""
            raise UsageError(f"the run's input has no column {name!r}{hint}")
    return [columns[name] for name in names]


def why(column: Mapping[str, Any], *, is_label: bool = False) -> str:
    """Why a column has its kind: by its cells and the rule of docs/data.md, or by the topology."""
    if column["pinned"]:
        return "the topology pins it"
    cells, kind = Cells(**column["cells"]), column["kind"]
    if not cells.filled:
        return "it has no value"
    reason = _REASONS[kind]
    if kind == CATEGORY and is_label:
        reason = _CLASSES
    elif kind == CATEGORY and cells.booleans >= FITTING * cells.filled:
        reason = _BOTH
    return f"of {cells.filled} values, {reason.format(**asdict(cells))}"


def _column(
    place: int,
    column: Mapping[str, Any],
    manifest: Mapping[str, Any],
    rejected: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    name, cells = column["name"], Cells(**column["cells"])
    reasons = manifest.get("reasons", {})
    return {
        **column,
        "why": why(column, is_label=name == manifest["columns"][0]),
        "values": cells.filled,
        "rejected": {
            reason: {"rows": count, "example": _example(place, reason, rejected)}
            for reason, count in reasons.items()
            if reason.startswith(f"{name}: ")
        },
    }


def _example(
    place: int, reason: str, rejected: Sequence[Mapping[str, Any]]
) -> dict[str, Any] | None:
    """The first of the rows with this reason, and its cell of the column."""
    for row in rejected:
        cells = row.get("cells")
        if cells and has_reason(row, reason):
            return {"file": row["file"], "record": row["record"], "value": cells[place]}
    return None
