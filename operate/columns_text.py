"""What a run's columns were taken as, for people."""

from __future__ import annotations

from typing import Any

from rich.console import Console

from operate.output import line, table

_SHOWN = 30
"""Columns of a run that are shown unless they are asked for."""


def print_table(to: Console, columns: list[dict[str, Any]]) -> None:
    """A row for each of the first columns."""
    cells = [
        [column["name"], column["kind"], column["why"], str(column["cells"]["missing"])]
        for column in columns[:_SHOWN]
    ]
    table(to, ["column", "kind", "why", "missing"], cells)
    if len(columns) > _SHOWN:
        line(to, f"and {len(columns) - _SHOWN} more columns: --column NAME shows one")


def print_column(to: Console, column: dict[str, Any]) -> None:
    """All that is known of one."""
    line(to, f"{column['name']}: {column['kind']}; {column['why']}")
    line(to, f"  {column['values']} values, {column['cells']['missing']} missing")
    if "levels" in column:
        _print_levels(to, column["levels"])
    for reason, found in column["rejected"].items():
        line(to, f"  rejected {found['rows']} rows: {reason}{_example(found['example'])}")


def _print_levels(to: Console, levels: dict[str, Any]) -> None:
    frequent = ", ".join(f"{level} ({times})" for level, times in levels["most_frequent"].items())
    others = ", and one for all others" if levels["others"] else ""
    line(to, f"  {levels['kept']} levels{others}; the most frequent: {frequent}")


def _example(example: dict[str, Any] | None) -> str:
    if example is None:
        return ""
    return f"; row {example['record']} of {example['file']} has {example['value']!r}"
