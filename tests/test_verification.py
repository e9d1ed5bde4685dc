"""A verification page says what was found, or its test fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import verification
from tests.verification import Table


def table(*rows: tuple[str, str]) -> Table:
    return Table(
        name="example", title="An example", text="\nTwo\nlines.\n", columns=["a", "b"], rows=rows
    )


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(verification, "FOLDER", tmp_path)
    return tmp_path


def test_a_written_page_holds(folder: Path) -> None:
    table(("1|2", "two\nlines")).hold(write=True)

    table(("1|2", "two\nlines")).hold(write=False)
    assert (folder / "example.md").read_text() == (
        "# An example\n\nTwo\nlines.\n\n| a | b |\n| --- | --- |\n| 1\\|2 | two lines |\n"
    )


def test_the_order_of_the_rows_does_not_matter(folder: Path) -> None:
    table(("b", "1"), ("a", "2"), ("a", "1")).hold(write=True)

    table(("a", "1"), ("b", "1"), ("a", "2")).hold(write=False)
    assert (folder / "example.md").read_text().endswith("| a | 1 |\n| a | 2 |\n| b | 1 |\n")


def test_a_missing_page_is_told() -> None:
    with pytest.raises(AssertionError, match=r"example\.md is missing: make verify WRITE=1"):
        table(("1", "2")).hold(write=False)


def test_a_page_that_says_otherwise_is_told_and_kept(folder: Path) -> None:
    table(("1", "2")).hold(write=True)

    with pytest.raises(AssertionError, match=r"says otherwise than the tests found"):
        table(("1", "3")).hold(write=False)
    assert "| 1 | 2 |" in (folder / "example.md").read_text()


def test_an_empty_table_is_refused() -> None:
    with pytest.raises(AssertionError, match="without a row"):
        table().hold(write=True)
