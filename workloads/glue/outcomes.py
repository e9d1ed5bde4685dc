"""What becomes of each row: for training or for validation, rejected, or dropped as a duplicate."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the name every Spark program uses

from workloads.glue.arguments import Job
from workloads.glue.source import Source
from workloads.glue.split import CONTENT, GROUP, TIME

VALIDATION_PERCENT = 20
PLACE = ("file", "record")


def outcomes(rows: DataFrame, job: Job, source: Source) -> DataFrame:
    """What becomes of `rows`: each with its `channel`, and with the number of its `copies`.

    Of equal rows the first stays, or all. Every rejection does: its number tells it from others.
    """
    if job.drop_duplicates:
        # All keys and no other strings: Spark can then group by hashes, without sorting.
        groups = rows.groupBy("value", "rejected", "lines", "label", "filled")
        kept = (*PLACE, "divider")
        rows = groups.agg(F.count(F.lit(1)).alias("copies"), F.min(F.struct(*kept)).alias("first"))
        rows = rows.select("*", *(f"first.{name}" for name in kept))
    else:
        rows = rows.withColumn("copies", F.lit(1))
    channel = F.when(F.col("rejected"), F.lit("rejected"))
    channel = channel.when(_validates(job, source), F.lit("validation")).otherwise(F.lit("train"))
    return rows.withColumn("channel", channel)


def _validates(job: Job, source: Source) -> Column:
    """Whether a row is for validation."""
    if job.split.by == TIME:
        return F.col("divider") >= job.split.first_second
    if job.split.by == GROUP:
        number = F.col("divider")
    elif job.split.by == CONTENT:
        number = F.xxhash64("value")
    else:
        version = F.array(*(F.lit(file.version) for file in source.files))[F.col("file")]
        number = F.xxhash64("record", version)
    return F.pmod(number, F.lit(100)) < VALIDATION_PERCENT
