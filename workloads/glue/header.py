"""The header of CSV, which every file of a run shares."""

from __future__ import annotations

import codecs
import csv
import io
import re
from typing import Any

from workloads.glue.arguments import Job
from workloads.glue.beginning import BYTE_ORDER_MARK, READ, beginning
from workloads.glue.dialect import CSV, UTF_8, UTF_16, Input
from workloads.glue.errors import InputError, some
from workloads.glue.source import Source

SHOWN = 5


def read_header(s3: Any, job: Job, source: Source) -> list[str]:
    """The names of the columns, in order, where the files are CSV; checks every file's beginning.

    Raises `InputError` where files differ in their columns.
    """
    found: list[str] | None = None
    given = source.input
    for file in source.files:
        uri, start = job.uri(file.key), beginning(s3, job, file, given)
        if given.format != CSV:
            continue
        text = decoded(start, given)
        names = list(given.header) or parse_header(uri, text, given)
        check_line_ends(uri, text, given)
        if found not in (None, names):
            other = [name for name in names if name not in found] or names
            raise InputError(
                f"The header of {uri} differs from that of {job.uri(source.files[0].key)}: it has "
                f"{some(list(map(repr, other)), SHOWN)}; give all files the same columns in the "
                "same order."
            )
        found = names
    return found or []


def decoded(start: bytes, given: Input) -> str:
    """The text, in Latin-1 but of UTF-16: it keeps every byte apart, and only names need more."""
    if given.encoding == UTF_16:
        return codecs.getincrementaldecoder(UTF_16)(errors="replace").decode(start)
    return start.decode("latin-1")


def parse_header(uri: str, text: str, given: Input) -> list[str]:
    """The cells of the first row of `text`, which is the file's beginning or all of it."""
    mark = BYTE_ORDER_MARK.decode("latin-1")
    whole = len(text) < READ // (2 if given.encoding == UTF_16 else 1)
    lines = io.StringIO(text.removeprefix(mark), newline="")
    csv.field_size_limit(READ)
    quoting: Any = {"quotechar": given.quote} if given.quote else {"quoting": csv.QUOTE_NONE}
    try:
        rows = csv.reader(lines, delimiter=given.delimiter, strict=True, **quoting)
        cells = next((row for row in rows if row), [])
    except csv.Error as error:
        raise InputError(
            f"The header of {uri} has a quote that is never closed, or something between a "
            "closing quote and the next delimiter: write each name with two quotes around it, or "
            "with none."
        ) from error
    if text.startswith(mark) and re.search(r"[\r\n]", "".join(cells[:1])):
        # To Spark the mark stands before the quote, so the line break would end the header.
        raise InputError(
            f"The first name in the header of {uri} spans lines, after a byte-order mark: take the "
            "line break out of it."
        )
    if any("\0" in cell for cell in cells):
        raise InputError(
            f"The header of {uri} holds zero bytes, as UTF-16 and binary files do: save the file "
            "as UTF-8, or set input.encoding."
        )
    if not whole and not lines.read(1):
        raise InputError(f"The header of {uri} doesn't end within {READ} bytes.")
    return _names(uri, cells, given)


def _names(uri: str, cells: list[str], given: Input) -> list[str]:
    if given.encoding == UTF_16:
        return [cell.strip() for cell in cells]
    try:
        return [cell.encode("latin-1").decode(given.encoding).strip() for cell in cells]
    except UnicodeDecodeError as error:
        advice = "save the file as UTF-8, or set input.encoding to what it is"
        name = "UTF-8" if given.encoding == UTF_8 else given.encoding
        raise InputError(f"The header of {uri} is not valid {name}: {advice}.") from error


def check_line_ends(uri: str, text: str, given: Input) -> None:
    """Fail on LF after the first row where the header ends otherwise: Spark reads only one kind.

    The other way round nothing is lost: what Spark leaves at a line's end is white space.
    """
    found = (match["end"] for match in _row_ends(given).finditer(text))
    ends = [end for end, _ in zip(filter(None, found), range(2), strict=False)]
    if ends[1:] == ["\n"] and ends[0] != "\n":
        headers = "CR" if ends[0] == "\r" else "CRLF"
        raise InputError(
            f"The header of {uri} ends in {headers} and its first row in LF: save the file with "
            "one kind of line end."
        )


def _row_ends(given: Input) -> re.Pattern[str]:
    """A cell in quotes, whose line breaks are its own, or the end of a line."""
    end = r"(?P<end>\r\n|\r|\n)"
    if not given.quote:
        return re.compile(end)
    quote, delimiter = re.escape(given.quote), re.escape(given.delimiter)
    cell = f"{quote}[^{quote}]*(?:{quote}{quote}[^{quote}]*)*(?:{quote}|\\Z)"
    return re.compile(rf"(?:\A|(?<=[{delimiter}\r\n])){cell}|{end}")
