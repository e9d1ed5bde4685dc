"""Rejected rows, kept as JSON."""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812 - the name every Spark program uses

SPANNED_LINES = r"1 + length(regexp_replace(coalesce(text, array_join(cells, ' ')), '[^\n]', ''))"
# The multi-byte characters of UTF-8, as they look when its bytes are read as Latin-1.
UTF_8_SEQUENCE = (
    r"[\xC2-\xDF][\x80-\xBF]|\xE0[\xA0-\xBF][\x80-\xBF]|[\xE1-\xEC\xEE\xEF][\x80-\xBF]{2}"
    r"|\xED[\x80-\x9F][\x80-\xBF]|\xF0[\x90-\xBF][\x80-\xBF]{2}|[\xF1-\xF3][\x80-\xBF]{3}"
    r"|\xF4[\x80-\x8F][\x80-\xBF]{2}"
)


def rejection() -> Column:
    """A rejected record as JSON: number, reasons, and its `text` or its `cells`, nothing lost.

    Records that aren't valid UTF-8 are written as Latin-1, so that their bytes can be restored.
    In a file with CRLF, Spark converts line breaks within cells to LF.
    """

    def recoded(text: Column) -> Column:
        return F.decode(F.encode(text, "ISO-8859-1"), "UTF-8")

    def as_json(encoding: str, text: Column, cells: Column) -> Column:
        cells = F.when(F.col("text").isNull(), cells)
        fields = {"encoding": F.lit(encoding), "text": text, "cells": cells}
        named = [column.alias(name) for name, column in fields.items()]
        reason = F.array_join("reasons", "; ").alias("reason")
        return F.to_json(F.struct("record", reason, *named))

    text, cells = F.col("text"), F.col("cells")
    everything = F.coalesce(text, F.array_join(cells, " "))
    broken = F.regexp_replace(everything, UTF_8_SEQUENCE, "").rlike(r"[\x80-\xFF]")
    return F.when(broken, as_json("Latin-1", text, cells)).otherwise(
        as_json("UTF-8", recoded(text), F.transform(cells, recoded))
    )
