"""The source's records: of every format the same, rows of cells.

A record has these columns:

- `file` and `record`: the place of its file in the source, and its number there: that of the row,
  where the header of CSV is 0, or that of the line;
- `text`: the record itself where it has no cells that fit the columns, else null;
- `cells`: its cells as text, null where one is empty;
- `numbers`: its cells as numbers, null where a cell is none.

Texts are UTF-8 read as Latin-1: what isn't UTF-8 is kept, byte for byte (ADR 42).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the name every Spark program uses

from workloads.glue import csv_records, json_records, parquet_records
from workloads.glue.arguments import Job
from workloads.glue.dialect import JSON_LINES, PARQUET
from workloads.glue.flattening import names_of
from workloads.glue.record import LARGEST_NUMBER
from workloads.glue.source import Source

ONE_TERABYTE = str(2**40)


@dataclass(frozen=True, kw_only=True)
class Records:
    """The rows as they are read, and what makes records of them, which may cost more."""

    rows: DataFrame
    parse: Callable[[DataFrame], DataFrame]
    names: Sequence[str]
    malformed: str
    """Why a record has a text and no cells."""

    span_lines: bool = False
    """Whether a record may have several lines of its file."""


def read_records(spark: SparkSession, job: Job, source: Source, header: Sequence[str]) -> Records:
    """Every record of the copies; `header` has the names of CSV. Blank lines are skipped."""
    folder, given = job.uri(source.folder), source.input
    spark.conf.set("spark.sql.caseSensitive", "true")
    if given.format == PARQUET:
        rows, schema = parquet_records.read(spark, folder)
        return Records(
            rows=rows,
            parse=lambda rows: parquet_records.parse(rows, schema, given),
            names=names_of(schema),
            malformed="no record",
        )
    if given.format == JSON_LINES:
        schema = json_records.find_schema(spark, folder)
        _read_each_file_in_a_task(spark)
        return Records(
            rows=json_records.read(spark, folder),
            parse=lambda rows: json_records.parse(rows, schema, given),
            names=names_of(schema),
            malformed="not a JSON object",
        )
    _read_each_file_in_a_task(spark)
    return Records(
        rows=csv_records.read(spark, folder, given, len(header)),
        parse=lambda rows: csv_records.parse(rows, given),
        names=header,
        malformed=f"not {len(header)} cells",
        span_lines=True,
    )


def _read_each_file_in_a_task(spark: SparkSession) -> None:
    """So that Spark's row ids within a partition are the numbers of a file's records."""
    for name in ("spark.sql.files.maxPartitionBytes", "spark.sql.files.openCostInBytes"):
        spark.conf.set(name, ONE_TERABYTE)


def parsed(records: Records, rows: DataFrame, *, keep_cells: bool) -> DataFrame:
    """The records that `rows` are.

    Of a row of numbers alone, which is what most rows are, no cell is needed any more: without
    `keep_cells` its `cells` are null, and the row is half as large.
    """
    is_odd = f"exists(numbers, x -> x IS NULL OR abs(x) > {LARGEST_NUMBER}D)"
    cells = F.col("cells") if keep_cells else F.when(F.expr(is_odd), F.col("cells"))
    return records.parse(rows).select(
        F.expr("int(substring_index(name, '.', 1))").alias("file"),
        "record",
        "text",
        F.when(F.col("text").isNull(), F.col("numbers")).alias("numbers"),
        F.when(F.col("text").isNull(), cells).alias("cells"),
    )
