"""The source's records, read by Spark."""

from __future__ import annotations

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the name every Spark program uses
from pyspark.sql.types import StringType, StructField, StructType

from workloads.glue.arguments import Job
from workloads.glue.numbers import NUMBERS
from workloads.glue.record import LARGEST_NUMBER

MAXIMUM_CELLS = 200_000
"""Cells a row may have before Spark's parser fails on the whole file; its default is 20,480."""


def read_records(spark: SparkSession, job: Job, width: int) -> DataFrame:
    """Every record of the copy: its number `record`, its `cells` and its `text`.

    `text` is the unparsed record where it hasn't `width` cells, else null. All bytes are read as
    Latin-1, which loses none, and in which numbers are the same. Blank lines are skipped.
    """
    cells = [f"c{place}" for place in range(width)]
    fields = [StructField(cell, StringType()) for cell in cells]
    frame = spark.read.csv(
        f"s3://{job.bucket}/{job.copy_key}",
        schema=StructType([*fields, StructField("text", StringType())]),
        columnNameOfCorruptRecord="text",
        mode="PERMISSIVE",
        header=False,
        multiLine=True,
        encoding="ISO-8859-1",
        escape='"',
        maxCharsPerColumn=-1,
        maxColumns=MAXIMUM_CELLS,
    )
    return frame.select(
        # Many-line CSV isn't split: one partition, whose row ids are the records' numbers, the
        # same whenever this version is read. The header has the number 0.
        F.monotonically_increasing_id().alias("record"),
        F.array(*cells).alias("cells"),
        "text",
    ).where("record > 0 AND (text IS NULL OR btrim(text, ' \\t\\r\\n') <> '')")


def with_numbers(records: DataFrame, *, keep_cells: bool) -> DataFrame:
    """The records with their cells as `numbers`, null where a cell is none.

    Of a row of numbers alone, which is what most rows are, no cell is needed any more: without
    `keep_cells` its `cells` are null, and the row is half as large.
    """
    is_odd = f"exists(numbers, x -> x IS NULL OR abs(x) > {LARGEST_NUMBER}D)"
    cells = F.col("cells") if keep_cells else F.when(F.expr(is_odd), F.col("cells"))
    numbers = F.when(F.col("text").isNull(), F.expr(NUMBERS))
    return records.withColumn("numbers", numbers).select(
        "record", "text", "numbers", F.when(F.col("text").isNull(), cells).alias("cells")
    )
