"""How the input is written: its format and, of CSV, its dialect, as the topology gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CSV, JSON_LINES, PARQUET = "csv", "json_lines", "parquet"

UTF_8, UTF_16 = "utf-8", "utf-16"

NAME_ENDS = {CSV: ".csv", JSON_LINES: ".jsonl", PARQUET: ".parquet"}
"""What the names of the job's copies end in."""

GZIP, BZIP2, ZSTANDARD = ".gz", ".bz2", ".zst"
COMPRESSED = (GZIP, BZIP2, ZSTANDARD)
"""The ends of names of compressed objects. Spark unpacks the first two itself."""


@dataclass(frozen=True, kw_only=True)
class Input:
    """The format of every file of a run, and how cells are written in it."""

    format: str = CSV
    delimiter: str = ","
    quote: str = '"'
    """What may surround a cell, doubled within; nothing if no cell is quoted."""

    decimal: str = "."
    thousands: str = ""
    encoding: str = UTF_8
    header: tuple[str, ...] = ()
    """The names of the columns, where the first row doesn't have them."""

    missing: tuple[str, ...] = ()
    """What a cell holds that has no value, besides nothing."""

    @property
    def cells(self) -> dict[str, Any]:
        """What `schema.json` says of cells, where it isn't the default."""
        decimal = {"decimal": self.decimal} if self.decimal != "." else {}
        thousands = {"thousands": self.thousands} if self.thousands else {}
        return decimal | thousands | ({"missing": list(self.missing)} if self.missing else {})


def input_of(settings: Mapping[str, Any]) -> Input:
    """The input of the job's settings; that of earlier settings is plain CSV."""
    given = settings.get("input", {})
    lists = {name: tuple(given.get(name, ())) for name in ("header", "missing")}
    return Input(**{**given, **lists})


def compression_of(key: str) -> str:
    """The end of a compressed object's name, else nothing."""
    return next((end for end in COMPRESSED if key.lower().endswith(end)), "")
