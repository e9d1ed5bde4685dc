"""The kinds of a file's columns by the rule of the Glue job, without Spark."""

from __future__ import annotations

import bz2
import csv
import gzip
import itertools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from operate.errors import UsageError
from workloads.glue.beginning import READ, checked
from workloads.glue.dialect import (
    BZIP2,
    CSV,
    GZIP,
    PARQUET,
    UTF_8,
    ZSTANDARD,
    Input,
    compression_of,
)
from workloads.glue.errors import InputError
from workloads.glue.header import decoded, parse_header
from workloads.glue.kinds import Cells, kind_of, label_kind_of
from workloads.glue.names import check_columns
from workloads.glue.record import FALSE, TRUE, WHITE_SPACE, as_number, as_seconds

_OPENED: Mapping[str, Callable[..., Any]] = {GZIP: gzip.open, BZIP2: bz2.open, "": open}


@dataclass
class _Tally:
    """What a column's cells have been so far."""

    numbers: int = 0
    texts: int = 0
    booleans: int = 0
    timestamps: int = 0
    different: set[str] = field(default_factory=set)

    def add(self, text: str, given: Input) -> None:
        if not text or text in given.missing:
            return
        if as_number(text, given.decimal, given.thousands) is not None:
            self.numbers += 1
            return
        self.texts += 1
        self.different.add(text)
        self.booleans += text.lower() in {*TRUE, *FALSE}
        self.timestamps += as_seconds(text) is not None

    @property
    def cells(self) -> Cells:
        return Cells(
            numbers=self.numbers,
            texts=self.texts,
            different_texts=len(self.different),
            booleans=self.booleans,
            timestamps=self.timestamps,
        )


def found_columns(file: Path, given: Input, label: str) -> dict[str, str]:
    """The kind of each column, over the whole file; raises `UsageError` for one that can't be."""
    try:
        tallies = _tallies(file, given)
        check_columns(str(file), label, list(tallies))
    except InputError as error:
        raise UsageError(str(error)) from error
    return {
        name: (label_kind_of if name == label else kind_of)(tally.cells)
        for name, tally in tallies.items()
    }


def _tallies(file: Path, given: Input) -> dict[str, _Tally]:
    if given.format == PARQUET:
        raise UsageError(
            f"{file}: `columns` doesn't read Parquet, whose columns have types already. Pin those "
            "of text that shouldn't be found by the rule; `explain` says as what a run took each"
        )
    if compression_of(file.name) == ZSTANDARD:
        raise UsageError(f"{file}: `columns` doesn't read Zstandard: unpack it first, by `zstd -d`")
    with file.open("rb") as raw:
        start = checked(str(file), raw.read(READ), given)
    opened = _OPENED[compression_of(file.name)]
    encoding = "utf-8-sig" if given.encoding == UTF_8 else given.encoding
    with opened(file, "rt", encoding=encoding, errors="replace", newline="") as content:
        if given.format == CSV:
            names = list(given.header) or parse_header(str(file), decoded(start, given), given)
            return _of_rows(_rows(content, given), names, given)
        return _of_objects(content, given)


def _rows(content: IO[str], given: Input) -> Iterator[list[str]]:
    csv.field_size_limit(2**31 - 1)
    quoting: Any = {"quotechar": given.quote} if given.quote else {"quoting": csv.QUOTE_NONE}
    rows = csv.reader(content, delimiter=given.delimiter, **quoting)
    found = (row for row in rows if row)
    return itertools.islice(found, 0 if given.header else 1, None)


def _of_rows(rows: Iterator[list[str]], names: Sequence[str], given: Input) -> dict[str, _Tally]:
    tallies = {name: _Tally() for name in names}
    for row in rows:
        if len(row) == len(names):
            for tally, cell in zip(tallies.values(), row, strict=True):
                tally.add(cell.strip(WHITE_SPACE), given)
    return tallies


def _of_objects(content: IO[str], given: Input) -> dict[str, _Tally]:
    tallies: dict[str, _Tally] = {}
    for line in content:
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict):
            for name, cell in _flat(found):
                tallies.setdefault(name, _Tally()).add(cell.strip(WHITE_SPACE), given)
    return dict(sorted(tallies.items()))


def _flat(found: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for name, value in found.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{path}{name}.")
        elif value is None or value != value:  # noqa: PLR0124 - NaN alone differs from itself
            yield f"{path}{name}", ""
        else:
            yield f"{path}{name}", value if isinstance(value, str) else json.dumps(value)
