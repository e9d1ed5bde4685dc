"""How the raw files of a data pipeline are written."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from components.topology import limits
from components.topology.model.fields import Expected, Model, pattern

Word = Annotated[str, pattern(r"\S(?:.*\S)?")]
"""Without a space at either end, as the Glue job reads names and cells."""


def _as_names(value: object) -> object:
    """`true`, the default, says that the first row has the names."""
    return () if value is True else value


class Input(Model):
    """How the raw files are written; all but the format and `missing` are for CSV alone."""

    format: Annotated[
        Literal["csv", "json_lines", "parquet"],
        Expected("a format"),
    ] = "csv"
    """csv, json_lines (an object in each line), or parquet."""

    delimiter: Annotated[
        str,
        pattern(limits.DELIMITER_PATTERN),
        Expected("a delimiter", "one character, such as a comma, ; | or \\t in double quotes"),
    ] = ","
    """What separates cells: "\\t" for a tab."""

    quote: Annotated[
        Literal['"', "'", ""],
        Expected("a quote"),
    ] = '"'
    """What surrounds a cell that holds a delimiter or a line break; empty if none is quoted."""

    decimal: Annotated[
        Literal[".", ","],
        Expected("a decimal mark"),
    ] = "."
    """The mark before the decimals of a number."""

    thousands: Annotated[
        Literal["", ".", ",", "'", " "],
        Expected("a mark between thousands"),
    ] = ""
    """The mark between thousands, none by default; a space may be one that breaks no line, too."""

    encoding: Annotated[
        limits.Encoding,
        Expected("an encoding"),
    ] = "utf-8"
    """How characters are encoded."""

    header: Annotated[
        tuple[Word, ...],
        Field(strict=False),
        BeforeValidator(_as_names, json_schema_input_type=Literal[True] | list[str]),
        Expected("a column name", "true, or names without a space at either end"),
    ] = ()
    """True where the first row of each file names the columns, else their names in order."""

    missing: Annotated[
        tuple[Word, ...],
        Field(strict=False),
        Expected("a word for no value", "words without a space at either end"),
    ] = ()
    """Words that stand for no value, such as NA, besides a cell that is empty."""

    @property
    def is_plain(self) -> bool:
        """Whether the samples are written like this: CSV in the default dialect."""
        return self.model_copy(update={"missing": ()}) == Input()

    def settings(self) -> dict[str, Any]:
        """What the Glue job has to know."""
        return self.model_dump(mode="json")
