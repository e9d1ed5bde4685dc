"""What the columns of an input are, found by Spark over the whole of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pyspark.sql import DataFrame, Row, Window
from pyspark.sql import functions as F  # noqa: N812 - the name every Spark program uses

from workloads.glue.errors import InputError
from workloads.glue.kinds import (
    CATEGORY,
    MAX_CATEGORIES,
    MAX_CLASSES,
    Cells,
    Column,
    Pinned,
    kind_of,
    label_kind_of,
)
from workloads.glue.numbers import number_text
from workloads.glue.texts import is_broken, seconds, text_of, truth_value

_TEXTS = f"""filter(transform(cells, (cell, place) ->
    if(numbers[place] IS NULL, struct(place, {text_of("cell")} AS text), NULL)),
    one -> one IS NOT NULL)"""


def find_columns(
    records: DataFrame, names: Sequence[str], label: str, pins: Mapping[str, Pinned]
) -> list[Column]:
    """The columns of `records`, which have `numbers` and `cells`; each kind pinned or found."""
    groups = (
        records.where("cells IS NOT NULL")
        .select(F.explode(F.expr(_TEXTS)).alias("one"))
        .groupBy("one.place", "one.text")
        .agg(F.count(F.lit(1)).alias("times"))
        .persist()
    )
    try:
        rows = records.where("text IS NULL").count()
        cells = _cells(groups, rows, len(names))
        kinds = [
            pins[name].kind
            if name in pins
            else (label_kind_of if name == label else kind_of)(cells[place])
            for place, name in enumerate(names)
        ]
        categories = [place for place, kind in enumerate(kinds) if kind == CATEGORY]
        levels = _levels(records, groups, categories) if categories else {}
    finally:
        groups.unpersist()
    columns = [
        _label(name, kind, levels.get(place, []), pins.get(name))
        if name == label
        else _feature(name, kind, levels.get(place, []), pins.get(name))
        for place, (name, kind) in enumerate(zip(names, kinds, strict=True))
    ]
    return [replace(column, cells=its) for column, its in zip(columns, cells, strict=True)]


def _cells(groups: DataFrame, rows: int, width: int) -> list[Cells]:
    """What each column's cells are."""

    def times(condition: str) -> str:
        return f"sum(if({condition}, times, 0))"

    counted = groups.groupBy("place").agg(
        F.expr(times("text IS NULL")).alias("missing"),
        F.expr(times("text IS NOT NULL")).alias("texts"),
        F.expr("count(text)").alias("different_texts"),
        F.expr(times(f"({truth_value('text')}) IS NOT NULL")).alias("booleans"),
        F.expr(times(f"({seconds('text')}) IS NOT NULL")).alias("timestamps"),
    )
    found: dict[int, dict[str, int]] = {}
    for row in counted.collect():
        given = row.asDict()
        found[given.pop("place")] = given
    return [_cells_of(rows, found.get(place, {})) for place in range(width)]


def _cells_of(rows: int, found: Mapping[str, int]) -> Cells:
    empty, texts = found.get("missing", 0), found.get("texts", 0)
    return Cells(numbers=rows - empty - texts, **found)


def _levels(records: DataFrame, groups: DataFrame, places: Sequence[int]) -> dict[int, list[Row]]:
    """The most frequent levels at each of `places`, one more than may be kept, ties by name."""
    texts = groups.where(F.col("place").isin(*places)).where("text IS NOT NULL")
    numbers = F.transform(
        F.array(*map(F.lit, places)),
        lambda place: F.struct(place.alias("place"), F.col("numbers")[place].alias("number")),
    )
    counted = (
        records.where("text IS NULL")
        .select(F.explode(numbers).alias("one"))
        .where("one.number IS NOT NULL")
        .groupBy("one.place", "one.number")
        .agg(F.count(F.lit(1)).alias("times"))
        .select("place", F.expr(number_text("number")).alias("text"), "times")
    )
    every = (
        texts.where(f"NOT {is_broken('text')}")
        .unionByName(counted)
        .groupBy("place", "text")
        .agg(F.sum("times").alias("times"))
    )
    order = Window.partitionBy("place").orderBy(F.desc("times"), "text")
    ranked = every.withColumn("rank", F.row_number().over(order))
    ranked = ranked.where(f"rank <= {MAX_CLASSES + 1}")
    found: dict[int, list[Row]] = {}
    for row in ranked.orderBy("place", "rank").collect():
        found.setdefault(row["place"], []).append(row)
    return found


def _label(name: str, kind: str, found: Sequence[Row], pin: Pinned | None) -> Column:
    """The label, with its classes sorted by name."""
    if len(found) > MAX_CLASSES:
        raise InputError(
            f"The label {name!r} has more than {MAX_CLASSES} different texts: a label is a number, "
            "or a text that stands for a class."
        )
    ordered = sorted((_text(level), level["times"]) for level in found)
    return Column(
        name=name,
        kind=kind,
        is_pinned=pin is not None,
        levels=tuple(level for level, _ in ordered),
        times=tuple(times for _, times in ordered),
    )


def _feature(name: str, kind: str, found: Sequence[Row], pin: Pinned | None) -> Column:
    """A column of features, with the levels that are kept of a category."""
    most = pin.max_categories if pin else MAX_CATEGORIES
    return Column(
        name=name,
        kind=kind,
        is_pinned=pin is not None,
        levels=tuple(map(_text, found[:most])),
        times=tuple(level["times"] for level in found[:most]),
        has_other=len(found) > most,
    )


def _text(level: Row) -> str:
    """The level's text, which Spark has read as Latin-1."""
    text: str = level["text"].encode("latin-1").decode("utf-8")
    return text
