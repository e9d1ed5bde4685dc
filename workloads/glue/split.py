"""Which rows are for training and which for validation.

Split by `record` a row's channel follows from a hash of its number in its file and of that file's
version: every attempt splits alike, and both channels are samples of the same rows. Split by
`content` it follows from the row as it is written: equal rows are in one channel, in every file
whose columns have the same kinds and levels.
"""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the name every Spark program uses

from workloads.glue.arguments import Job
from workloads.glue.source import Source

VALIDATION_PERCENT = 20
PLACE = ("file", "record")


def outcomes(rows: DataFrame, job: Job, source: Source) -> DataFrame:
    """What becomes of `rows`: each with its `channel`, and with the number of its `copies`.

    Of equal rows the first stays, or all. Every rejection does: its number tells it from others.
    """
    if job.drop_duplicates:
        # All keys and no other strings: Spark can then group by hashes, without sorting.
        groups = rows.groupBy("value", "rejected", "lines", "label", "filled")
        rows = groups.agg(F.count(F.lit(1)).alias("copies"), F.min(F.struct(*PLACE)).alias("first"))
        rows = rows.select("*", *(f"first.{name}" for name in PLACE))
    else:
        rows = rows.withColumn("copies", F.lit(1))
    version = F.array(*(F.lit(file.version) for file in source.files))[F.col("file")]
    keys = ["value"] if job.split_by == "content" else ["record", version]
    validation = F.pmod(F.xxhash64(*keys), F.lit(100)) < VALIDATION_PERCENT
    channel = F.when(F.col("rejected"), F.lit("rejected"))
    channel = channel.when(validation, F.lit("validation")).otherwise(F.lit("train"))
    return rows.withColumn("channel", channel)
