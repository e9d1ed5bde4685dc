"""What the commands print: lines and tables for people, or one JSON document."""

from __future__ import annotations

import json
import sys
from typing import Any

from rich.console import Console
from rich.table import Table

_PLAIN_WIDTH = 140
"""Columns where the output isn't a terminal's: nothing is cut off."""

_CONTROL = {
    code: repr(chr(code))[1:-1]
    for code in (*range(0x20), *range(0x7F, 0xA0))
    if chr(code) not in "\t\n"
}
"""How control characters are shown: names and cells are the data's, and a terminal obeys them."""


def console(*, stderr: bool = False) -> Console:
    """A console as wide as the terminal."""
    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, width=None if stream.isatty() else _PLAIN_WIDTH)


def line(to: Console, text: str) -> None:
    """One line as it is, however long."""
    to.print(text.translate(_CONTROL), markup=False, highlight=False, soft_wrap=True)


def table(to: Console, columns: list[str], rows: list[list[str]]) -> None:
    """A table of plain cells."""
    made = Table(*columns)
    for row in rows:
        made.add_row(*(cell.translate(_CONTROL) for cell in row))
    to.print(made, markup=False, highlight=False)


def document(content: Any) -> None:
    """One JSON document."""
    sys.stdout.write(json.dumps(content, indent=2) + "\n")


def seconds(value: float | None) -> str:
    """A duration in a table."""
    return "-" if value is None else f"{value:.1f}"
