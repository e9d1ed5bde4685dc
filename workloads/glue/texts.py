"""How the job reads what is no number, as Spark SQL: empty cells, truth values, timestamps.

`record.py` reads them alike in Python; a test compares both.
"""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812 - the name every Spark program uses

from workloads.glue.dialect import Input
from workloads.glue.record import FALSE, TIMESTAMP, TRUE, WHITE_SPACE

# The multi-byte characters of UTF-8, as they look when its bytes are read as Latin-1.
UTF_8_SEQUENCE = (
    r"[\xC2-\xDF][\x80-\xBF]|\xE0[\xA0-\xBF][\x80-\xBF]|[\xE1-\xEC\xEE\xEF][\x80-\xBF]{2}"
    r"|\xED[\x80-\x9F][\x80-\xBF]|\xF0[\x90-\xBF][\x80-\xBF]{2}|[\xF1-\xF3][\x80-\xBF]{3}"
    r"|\xF4[\x80-\x8F][\x80-\xBF]{2}"
)

_TIMESTAMP = f"^{TIMESTAMP}$"


def as_read(text: Column) -> Column:
    """The text's UTF-8, read as Latin-1."""
    return F.decode(F.encode(text, "UTF-8"), "ISO-8859-1")


def without_missing(cells: Column, given: Input) -> Column:
    """The cells without the words that the input has for no value."""
    if not given.missing:
        return cells
    words = [word.encode().decode("latin-1") for word in given.missing]
    return F.transform(
        cells, lambda cell: F.when(~F.btrim(cell, F.lit(WHITE_SPACE)).isin(words), cell)
    )


def text_of(cell: str) -> str:
    """The text of a cell, or null where there is only white space."""
    return rf"nullif(btrim({cell}, ' \t\r\n'), '')"


def is_broken(text: str) -> str:
    """Whether a text, read as Latin-1, is no UTF-8."""
    return (
        rf"({text} RLIKE r'[\x80-\xFF]' AND "
        rf"regexp_replace({text}, r'{UTF_8_SEQUENCE}', '') RLIKE r'[\x80-\xFF]')"
    )


def truth_value(text: str) -> str:
    """1 or 0 for a text that is a truth value, else null."""
    true, false = (", ".join(f"'{word}'" for word in words) for words in (TRUE, FALSE))
    return (
        f"CASE WHEN lower({text}) IN ({true}) THEN 1D WHEN lower({text}) IN ({false}) THEN 0D END"
    )


def seconds(text: str) -> str:
    """The whole seconds since 1970 in UTC at a date or time, else null.

    The text is completed first: what has no time zone would be read in that of Spark's session.
    """

    def part(number: int) -> str:
        return f"regexp_extract({text}, r'{_TIMESTAMP}', {number})"

    def or_else(number: int, default: str) -> str:
        return f"if({part(number)} = '', '{default}', {part(number)})"

    zone = f"regexp_replace({or_else(4, 'Z')}, '([0-9]{{2}}):?([0-9]{{2}})', '$1:$2')"
    complete = f"concat({part(1)}, 'T', {or_else(2, '00:00')}, {or_else(3, ':00')}, {zone})"
    return (
        f"CASE WHEN {text} RLIKE r'{_TIMESTAMP}' "
        f"THEN floor(unix_micros(try_cast({complete} AS timestamp)) / 1000000D) END"
    )
