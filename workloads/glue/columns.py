"""What becomes of each row: the line that is written for it, or the reasons to reject it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from pyspark.sql import Column as SparkColumn
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the name every Spark program uses

from workloads.glue.arguments import Job
from workloads.glue.kinds import BOOLEAN, CATEGORY, DROP, KINDS, NUMBER, TIMESTAMP, Column, in_order
from workloads.glue.numbers import LINE, number_text
from workloads.glue.record import LARGEST_NUMBER
from workloads.glue.records import Records
from workloads.glue.rejection import SPANNED_LINES, rejection
from workloads.glue.split import TIME, Split
from workloads.glue.texts import is_broken, seconds, text_of, truth_value

MISFITS = {
    NUMBER: "not a number",
    BOOLEAN: "not true or false",
    TIMESTAMP: "not a timestamp",
    CATEGORY: "not UTF-8",
}
"""The reason to reject a row whose cell doesn't fit the kind of its column."""

_TEXT = text_of("cells[place]")
_LEVEL = f"coalesce({number_text('number')}, {_TEXT})"

# The place of a category's level; levels beyond those kept share the one after the last.
_CODES = f"""transform(numbers, (number, place) -> CASE kinds[place]
    WHEN {KINDS.index(CATEGORY)} THEN
        CASE WHEN {_LEVEL} IS NULL OR {is_broken(_LEVEL)} THEN NULL
        ELSE double(coalesce(nullif(array_position(levels[place], {_LEVEL}), 0) - 1,
                             size(levels[place]))) END
    WHEN {KINDS.index(BOOLEAN)} THEN
        if(number IS NULL, {truth_value(_TEXT)}, if(number IN (0D, 1D), number, NULL))
    WHEN {KINDS.index(TIMESTAMP)} THEN coalesce(number, double({seconds(_TEXT)}))
    ELSE number END)"""

_MISFIT = " ".join(f"WHEN {KINDS.index(kind)} THEN '{why}'" for kind, why in MISFITS.items())

# Bound by a lambda: Spark would compute all codes again for each of a row's columns.
_FAULTS = f"""flatten(transform(array(codes), coded ->
    array_compact(transform(cells, (cell, place) -> names[place] || ': ' || CASE
    WHEN {text_of("cell")} IS NULL THEN if(place = {{label}}, 'missing', {{missing}})
    {{untimely}}
    WHEN kinds[place] = {KINDS.index(DROP)} THEN NULL
    WHEN abs(numbers[place]) > {LARGEST_NUMBER}D THEN 'too large for a 32-bit number'
    WHEN coded[place] IS NULL THEN CASE kinds[place] {_MISFIT} END END))))"""

_VALUES = """flatten(transform(array(codes), coded -> transform(places, (place, index) -> CASE
    WHEN wanted[index] < 0 OR coded[place] IS NULL THEN coded[place]
    WHEN coded[place] = wanted[index] THEN 1D ELSE 0D END)))"""

_IN_ORDER = "transform(places, place -> codes[place])"


def classify(
    rows: DataFrame, columns: Sequence[Column], job: Job, records: Records, keys: Sequence[str]
) -> DataFrame:
    """One row per record: its `value` as it will be written, the `reasons` to reject it, if any.

    `keys` are those of the source's files. `lines` is how many lines of its file a record spans,
    `label` its label, `filled` whether its last value isn't missing, and `divider` what a column
    holds by which rows are split. Cells are processed by functions over arrays, so that the size of
    Spark's plan doesn't depend on the number of columns.
    """
    names = [column.name for column in columns]
    kinds = [KINDS.index(column.kind) for column in columns]
    are_numbers = {column.kind for column in columns} <= {NUMBER, DROP}
    places, wanted = zip(*_written(columns, job.label), strict=True)
    has_levels = any(level >= 0 for level in wanted)
    faults = F.when(F.col("cells").isNull(), F.array().cast("array<string>")).otherwise(
        F.expr(_FAULTS.format(label=names.index(job.label), **_split_faults(names, job.split)))
    )
    spanned = F.expr(SPANNED_LINES) if records.span_lines else F.lit(1)
    return (
        rows.withColumn("names", F.array(*map(F.lit, names)))
        .withColumn("kinds", F.array(*map(F.lit, kinds)))
        .withColumn("levels", _levels(columns))
        .withColumn("places", F.array(*map(F.lit, places)))
        .withColumn("wanted", F.array(*map(F.lit, wanted)))
        .withColumn("codes", F.col("numbers") if are_numbers else F.expr(_CODES))
        .withColumn(
            "reasons",
            F.when(F.col("text").isNull(), faults).otherwise(F.array(F.lit(records.malformed))),
        )
        .withColumn("rejected", F.size("reasons") > 0)
        .withColumn("divider", F.expr(_divider(names, job.split)))
        .withColumn("numbers", F.expr(_VALUES if has_levels else _IN_ORDER))
        .select(
            "file",
            "record",
            F.when(F.col("rejected"), rejection(keys)).otherwise(F.expr(LINE)).alias("value"),
            "reasons",
            "rejected",
            F.when(F.col("rejected"), spanned).otherwise(1).alias("lines"),
            F.col("numbers")[0].alias("label"),
            F.col("numbers")[len(places) - 1].isNotNull().alias("filled"),
            "divider",
        )
    )


def _split_faults(names: Sequence[str], split: Split) -> dict[str, str]:
    """What is wrong with a cell that has to split its row, also in a column that is dropped."""
    if split.column is None:
        return {"missing": "NULL", "untimely": ""}
    place = names.index(split.column)
    missing = f"if(place = {place}, 'missing, and the split needs it', NULL)"
    if split.by != TIME:
        return {"missing": missing, "untimely": ""}
    readable = f"coalesce(numbers[place], double({seconds(text_of('cell'))}))"
    untimely = (
        f"WHEN place = {place} AND {readable} IS NULL "
        f"THEN '{MISFITS[TIMESTAMP]}, and the split needs one'"
    )
    return {"missing": missing, "untimely": untimely}


def _divider(names: Sequence[str], split: Split) -> str:
    """What decides by time or by group: seconds since 1970, or a hash of the level."""
    if split.column is None:
        return "CAST(NULL AS double)"
    place = names.index(split.column)
    number, text = f"numbers[{place}]", text_of(f"cells[{place}]")
    if split.by == TIME:
        return f"coalesce({number}, double({seconds(text)}))"
    # A hash takes no heed of null. Numbers are one group however written, like levels.
    return f"xxhash64({number}, if({number} IS NULL, {text}, NULL))"


def _levels(columns: Sequence[Column]) -> SparkColumn:
    """The levels of each column, read as Latin-1, like the cells."""
    each = [
        F.array(*(F.lit(level.encode().decode("latin-1")) for level in column.levels)).cast(
            "array<string>"
        )
        for column in columns
    ]
    return F.array(*each)


def _written(columns: Sequence[Column], label: str) -> list[tuple[int, int]]:
    """Each written column: the place of its input, and its level there, or -1 for the value."""
    places = {column.name: place for place, column in enumerate(columns)}

    def of(column: Column) -> list[tuple[int, int]]:
        place = places[column.name]
        if column.kind != CATEGORY or column.name == label:
            return [(place, -1)]
        return [(place, level) for level in range(len(column.levels) + column.has_other)]

    return list(chain.from_iterable(map(of, in_order(label, columns))))
