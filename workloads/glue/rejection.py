"""Rejected rows, kept as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812 - the name every Spark program uses

from workloads.glue.errors import BETWEEN_REASONS
from workloads.glue.texts import is_broken

SPANNED_LINES = r"1 + length(regexp_replace(coalesce(text, array_join(cells, ' ')), '[^\n]', ''))"


def rejection(keys: Sequence[str]) -> Column:
    """A rejected record as JSON: file, number, reasons, its `text` or its `cells`, nothing lost.

    Records that aren't valid UTF-8 are written as Latin-1, so that their bytes can be restored.
    In a file with CRLF, Spark converts line breaks within cells to LF.
    """

    def recoded(text: Column) -> Column:
        return F.decode(F.encode(text, "ISO-8859-1"), "UTF-8")

    file = F.array(*map(F.lit, keys))[F.col("file")].alias("file")

    def as_json(encoding: str, text: Column, cells: Column) -> Column:
        cells = F.when(F.col("text").isNull(), cells)
        fields = {"encoding": F.lit(encoding), "text": text, "cells": cells}
        named = [column.alias(name) for name, column in fields.items()]
        reason = F.array_join("reasons", BETWEEN_REASONS).alias("reason")
        return F.to_json(F.struct(file, "record", reason, *named))

    text, cells = F.col("text"), F.col("cells")
    broken = F.expr(is_broken("coalesce(text, array_join(cells, ' '))"))
    return F.when(broken, as_json("Latin-1", text, cells)).otherwise(
        as_json("UTF-8", recoded(text), F.transform(cells, recoded))
    )
