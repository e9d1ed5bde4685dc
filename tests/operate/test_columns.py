"""`columns` prints what to pin, by the rule of the Glue job."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from operate.application import application
from operate.errors import UsageError


def printed(file: Path, *options: str) -> dict[str, str]:
    result = CliRunner().invoke(
        application, ["columns", str(file), *options], catch_exceptions=False
    )
    found: dict[str, str] = yaml.safe_load(result.stdout)["columns"]
    return found


def test_a_dialect_is_written_as_in_the_topology(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    rows = "".join(f"{n},5;NA;{('yes', 'no')[n % 2]};2026-01-01;{n % 2}\n" for n in range(60))
    file.write_bytes(f"Größe;leer;ja;am;label\n{rows}1;2\n".encode("cp1252"))
    options = "{delimiter: ';', decimal: ',', encoding: windows-1252, missing: [NA]}"
    assert printed(file, "--input", options) == {
        "Größe": "number",
        "leer": "number",
        "ja": "boolean",
        "am": "timestamp",
        "label": "number",
    }


def test_objects_of_json_are_flattened(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    lines = [{"y": "ab"[n % 2], "at": {"n": n, "id": f"id {n}"}, "ok": True} for n in range(60)]
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines) + "broken\n")
    found = printed(file, "--input", "{format: json_lines}", "--label", "y")
    assert found == {"at.id": "drop", "at.n": "number", "ok": "boolean", "y": "category"}


@pytest.mark.parametrize(
    ("content", "options", "sentence"),
    [
        (b"a,b\n1,2\n", (), "has no label column 'label'"),
        (b"label,b\n1,2\n", ("--input", "{delimiter: ';;'}"), "isn't an `input` as in"),
        (b"PAR1", ("--input", "{format: parquet}"), "have types already"),
        (b"PAR1", (), "is not a CSV file but Parquet"),
    ],
)
def test_what_it_can_not_read_is_said(
    tmp_path: Path, content: bytes, options: tuple[str, ...], sentence: str
) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(content)
    with pytest.raises(UsageError, match=sentence):
        printed(file, *options)
