"""The header of the source, and what can be refused before Spark starts."""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Sequence
from typing import Any

from workloads.glue.arguments import Job
from workloads.glue.errors import InputError, some
from workloads.glue.source import Source

HEADER_LIMIT = 1024 * 1024
"""Bytes within which the header has to end."""

BYTE_ORDER_MARK = b"\xef\xbb\xbf"

# A cell in quotes, whose line breaks are its own, or the end of a line.
QUOTED_OR_LINE_END = re.compile(
    rb'(?:\A|(?<=[,\r\n]))"[^"]*(?:""[^"]*)*(?:"|\Z)|(?P<end>\r\n|\r|\n)'
)

NOT_CSV = {
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "a zip archive or a spreadsheet",
    b"PAR1": "Parquet",
    b"BZh91AY&SY": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "Zstandard",
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}

COLUMNS_SHOWN = 20
CLOSE = 0.75
"""How alike two names are, of 1, for the one to be a typing error of the other."""


def read_columns(s3: Any, job: Job, source: Source) -> list[str]:
    """The names in the source's header, in order; raises if they can't be used."""
    if source.size == 0:
        raise InputError(f"{job.source} is empty: it needs a header and rows.")
    part = f"bytes=0-{HEADER_LIMIT - 1}"
    start = s3.get_object(Bucket=job.bucket, Key=job.copy_key, Range=part)["Body"].read()
    for signature, name in NOT_CSV.items():
        if start.startswith(signature):
            raise InputError(f"{job.source} is not a CSV file but {name}: upload it as UTF-8 text.")
    columns = parse_header(job, start, whole=source.size <= len(start))
    check_columns(job, columns)
    check_line_ends(job, start.removeprefix(BYTE_ORDER_MARK))
    return columns


def parse_header(job: Job, start: bytes, *, whole: bool) -> list[str]:
    """The cells of the first row in `start`, the first bytes of the source or all of it."""
    # Latin-1 keeps every byte apart, so that only the header itself has to be UTF-8.
    text = io.StringIO(start.removeprefix(BYTE_ORDER_MARK).decode("latin-1"), newline="")
    csv.field_size_limit(HEADER_LIMIT)
    try:
        cells = next((row for row in csv.reader(text, strict=True) if row), [])
    except csv.Error as error:
        raise InputError(
            f"The header of {job.source} has a quote that is never closed, or something between a "
            "closing quote and the next comma: write each name with two quotes around it, or with "
            "none."
        ) from error
    if start.startswith(BYTE_ORDER_MARK) and re.search(r"[\r\n]", "".join(cells[:1])):
        # To Spark the mark stands before the quote, so the line break would end the header.
        raise InputError(
            f"The first name in the header of {job.source} spans lines, after a byte-order mark: "
            "take the line break out of it."
        )
    if any("\0" in cell for cell in cells):
        raise InputError(
            f"The header of {job.source} holds zero bytes, as UTF-16 and binary files do: save "
            "the file as UTF-8."
        )
    if not whole and not text.read(1):
        raise InputError(f"The header of {job.source} doesn't end within {HEADER_LIMIT} bytes.")
    try:
        return [cell.encode("latin-1").decode("utf-8").strip() for cell in cells]
    except UnicodeDecodeError as error:
        raise InputError(
            f"The header of {job.source} is not valid UTF-8: save the file as UTF-8."
        ) from error


def check_columns(job: Job, columns: Sequence[str]) -> None:
    """Fail on a header that doesn't name a label and features, each once."""
    if not any(columns):
        raise InputError(f"{job.source} has no header: its first row must name the columns.")
    if job.label not in columns:
        raise InputError(missing_label(job, columns))
    unnamed = [str(number) for number, name in enumerate(columns, 1) if not name]
    if unnamed == ["1"]:
        raise InputError(
            f"The first column of {job.source} has no name, as where pandas or R numbers the rows: "
            "save the file without it (index=False in pandas, row.names=FALSE in R), or name it if "
            "it is a feature."
        )
    if unnamed:
        raise InputError(
            f"Column {', '.join(unnamed)} of {job.source} has no name: name every column."
        )
    if repeated := sorted({name for name in columns if columns.count(name) > 1}):
        raise InputError(
            f"{job.source} has more than one column of the name {', '.join(map(repr, repeated))}: "
            "name every column differently."
        )
    if len(columns) == 1:
        raise InputError(f"{job.source} has the label alone: training needs at least one feature.")


def check_line_ends(job: Job, start: bytes) -> None:
    """Fail on LF after the first row where the header ends otherwise: Spark reads only one kind.

    The other way round nothing is lost: what Spark leaves at a line's end is white space.
    """
    found = (match["end"] for match in QUOTED_OR_LINE_END.finditer(start))
    ends = [end for end, _ in zip(filter(None, found), range(2), strict=False)]
    if ends[1:] == [b"\n"] and ends[0] != b"\n":
        headers = "CR" if ends[0] == b"\r" else "CRLF"
        raise InputError(
            f"The header of {job.source} ends in {headers} and its first row in LF: save the file "
            "with one kind of line end."
        )


def missing_label(job: Job, columns: Sequence[str]) -> str:
    """The sentence for a missing label column: which columns there are, and the most similar."""
    folded = {name.casefold(): name for name in columns}
    close = difflib.get_close_matches(job.label.casefold(), folded, n=1, cutoff=CLOSE)
    hint = f"; the closest is {folded[close[0]]!r}" if close else ""
    if len(columns) == 1 and re.search(r"[;\t|]", columns[0]):
        hint = "; cells must be separated by commas"
    shown = some(list(map(repr, columns)), COLUMNS_SHOWN)
    return f"{job.source} has no label column {job.label!r}: its columns are {shown}{hint}."
