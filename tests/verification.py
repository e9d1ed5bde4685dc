"""The tables in docs/verification: written on request, else compared with what the tests found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "docs" / "verification"


@dataclass(frozen=True, kw_only=True)
class Table:
    """One page of evidence. Nothing in it may depend on the day, the machine or chance."""

    name: str
    """The page's file name in docs/verification, without `.md`."""

    title: str
    text: str
    """What the table shows and how it is found, before the table itself."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    """In any order: the page sorts them, so that a new row is one new line in its diff."""

    def markdown(self) -> str:
        """The page as it stands in docs/verification."""
        lines = [f"# {self.title}", "", self.text.strip(), ""]
        lines += [_line(self.columns), _line(["---"] * len(self.columns))]
        lines += sorted(_line(row) for row in self.rows)
        return "\n".join(lines) + "\n"

    def hold(self, *, write: bool) -> None:
        """Write the page, or fail if the committed one says otherwise."""
        assert self.rows, f"{self.name}: a table without a row is no evidence"
        assert {len(row) for row in self.rows} == {len(self.columns)}, self.name
        page = FOLDER / f"{self.name}.md"
        if write:
            page.write_text(self.markdown(), encoding="utf-8")
        assert page.is_file(), f"docs/verification/{page.name} is missing: make verify WRITE=1"
        assert page.read_text(encoding="utf-8") == self.markdown(), (
            f"docs/verification/{page.name} says otherwise than the tests found. "
            "If the change is intended: make verify WRITE=1, and commit it."
        )


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
