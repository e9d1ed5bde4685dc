"""The samples are the same for the same seed, dirty, and of the size that was asked for."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from workloads.sample_data import TASKS, write_sample

ROOT = Path(__file__).parents[2]


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("task", sorted(TASKS))
def test_a_sample_has_a_header_and_the_rows_asked_for(tmp_path: Path, task: str) -> None:
    write_sample(tmp_path / "data.csv", 500, 1, task=task)
    header, *rows = rows_of(tmp_path / "data.csv")
    assert tuple(header) == TASKS[task].columns
    assert TASKS[task].label in header
    assert len(rows) == 500


@pytest.mark.parametrize("label", ["label", "left the company", "age"])
def test_a_sample_has_the_label_column_asked_for(tmp_path: Path, label: str) -> None:
    write_sample(tmp_path / "asked.csv", 20, 1, label=label)
    write_sample(tmp_path / "usual.csv", 20, 1)
    header, *rows = rows_of(tmp_path / "asked.csv")
    usual, *same_rows = rows_of(tmp_path / "usual.csv")
    assert header.index(label) == usual.index("label")
    assert (len(set(header)), rows) == (len(usual), same_rows)


def test_the_first_kind_of_sample_is_labelled_as_pipelines_expect() -> None:
    assert TASKS["binary"].label == "label"


@pytest.mark.parametrize("task", sorted(TASKS))
def test_every_clean_row_fills_every_column(task: str) -> None:
    assert set(TASKS[task].draw(Random(1))) == set(TASKS[task].columns)


def test_the_same_seed_gives_the_same_file_and_another_does_not(tmp_path: Path) -> None:
    contents = []
    for seed in (7, 7, 8):
        write_sample(tmp_path / "data.csv", 300, seed)
        contents.append((tmp_path / "data.csv").read_bytes())
    assert contents[0] == contents[1] != contents[2]


def test_a_longer_sample_begins_with_the_shorter_one(tmp_path: Path) -> None:
    write_sample(tmp_path / "short.csv", 100, 7)
    write_sample(tmp_path / "long.csv", 200, 7)
    assert rows_of(tmp_path / "long.csv")[:101] == rows_of(tmp_path / "short.csv")


def test_the_usual_sample_has_every_kind_of_dirt(tmp_path: Path) -> None:
    write_sample(tmp_path / "data.csv")
    assert (tmp_path / "data.csv").read_bytes().count(b"\r\n") == 5001
    header, *rows = rows_of(tmp_path / "data.csv")
    label = header.index("label")
    assert {len(row) for row in rows} == {len(header) - 1, len(header), len(header) + 1}
    whole = [row for row in rows if len(row) == len(header)]
    assert any(row[label] == "" for row in whole)
    assert any(row[label] and "" in row for row in whole)
    assert any(cell != cell.strip() for row in whole for cell in row)
    assert any(cell in {"NaN", "n/a", "1,204.5"} for row in whole for cell in row)
    assert len({tuple(row) for row in rows}) < len(rows)


def test_the_command_writes_the_same_file(tmp_path: Path) -> None:
    options = ["--rows", "50", "--seed", "3", "--task", "regression"]
    written = tmp_path / "with a space.csv"
    subprocess.run(
        [sys.executable, "-m", "workloads.sample_data", *options, "--output", written],
        cwd=ROOT,
        check=True,
    )
    write_sample(tmp_path / "data.csv", 50, 3, task="regression")
    assert written.read_bytes() == (tmp_path / "data.csv").read_bytes()
