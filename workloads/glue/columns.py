"""What becomes of each cell: a number, a missing value, or a reason to reject its row."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the name every Spark program uses

from workloads.glue.arguments import Job
from workloads.glue.rejection import SPANNED_LINES, rejection

LARGEST_NUMBER = 3.4e38
SMALLEST_NUMBER = 1.2e-38
"""XGBoost reads 32-bit floats: it fails on larger numbers and misreads smaller ones (ADR 0041)."""

LARGEST_INTEGER = 1e15
"""Below it an integer is written digit by digit: XGBoost's reader fails on 20 digits."""

# White space may surround a number. The pattern excludes what only Java reads as a number: NaN,
# Infinity, 1d, 0x1p3. The conversion gives null for anything else that is no number.
NUMBERS = r"""transform(cells, cell ->
    if(btrim(cell, ' \t\r\n') RLIKE '^[0-9eE.+-]+$',
       try_cast(btrim(cell, ' \t\r\n') AS double), NULL))"""

FAULTS = rf"""array_compact(transform(cells, (cell, place) -> names[place] || ': ' || CASE
    WHEN btrim(coalesce(cell, ''), ' \t\r\n') = '' THEN if(place = {{label}}, 'missing', NULL)
    WHEN numbers[place] IS NULL THEN 'not a number'
    WHEN abs(numbers[place]) > {LARGEST_NUMBER}D THEN 'too large for a 32-bit number' END))"""

LABEL_FIRST = (
    "concat(array(numbers[{label}]), filter(numbers, (number, place) -> place <> {label}))"
)

# The one way to write a number. Integers have no decimal point: a class stays 1, not 1.0.
LINE = f"""array_join(transform(numbers, x -> CASE
    WHEN x IS NULL THEN ''
    WHEN abs(x) < {SMALLEST_NUMBER}D THEN '0'
    WHEN x = rint(x) AND abs(x) < {LARGEST_INTEGER}D THEN string(try_cast(x AS bigint))
    ELSE string(x) END), ',')"""


def label_first(job: Job, columns: Sequence[str]) -> list[str]:
    """The columns in the order in which they are written."""
    return [job.label, *(name for name in columns if name != job.label)]


def classify(records: DataFrame, job: Job, columns: Sequence[str]) -> DataFrame:
    """One row per record: its `value` as it will be written, the `reasons` to reject it, if any.

    `lines` is how many lines of the file it spans. Cells are processed by functions over arrays, so
    that the size of Spark's plan doesn't depend on the number of columns.
    """
    label = columns.index(job.label)
    faults = F.when(F.col("text").isNull(), F.expr(FAULTS.format(label=label)))
    reasons = faults.otherwise(F.array(F.lit(f"not {len(columns)} cells")))
    return (
        records.withColumn("numbers", F.expr(NUMBERS))
        .withColumn("names", F.array(*map(F.lit, columns)))
        .withColumn("reasons", reasons)
        .withColumn("rejected", F.size("reasons") > 0)
        .withColumn("numbers", F.expr(LABEL_FIRST.format(label=label)))
        .select(
            "record",
            F.when(F.col("rejected"), rejection()).otherwise(F.expr(LINE)).alias("value"),
            "reasons",
            "rejected",
            F.when(F.col("rejected"), F.expr(SPANNED_LINES)).otherwise(1).alias("lines"),
        )
    )
