"""The rows on their way from the source to finished parts below `staging/`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the name every Spark program uses

from workloads.glue.accounting import Counts, check_written, count
from workloads.glue.arguments import Job
from workloads.glue.columns import classify
from workloads.glue.dialect import CSV, PARQUET, compression_of
from workloads.glue.discovery import find_columns
from workloads.glue.errors import InputError
from workloads.glue.kinds import BOOLEAN, DROP, NUMBER, Column, Pinned
from workloads.glue.names import check_names
from workloads.glue.outcomes import outcomes
from workloads.glue.records import parsed, read_records
from workloads.glue.source import Source
from workloads.glue.split import RECORD

BYTES_PER_PARTITION = 32 * 1024 * 1024
"""Source bytes per partition: small files become one part per channel, large ones many."""

UNPACKED = 5
"""About how many times as large text is as it is compressed."""

MAXIMUM_PARTITIONS = 250
"""Beyond 8 GB partitions grow instead: the ML pipelines' DAGs poll S3 for each part."""


def stage(
    spark: SparkSession,
    job: Job,
    source: Source,
    header: Sequence[str],
    pins: Mapping[str, Pinned],
) -> tuple[list[Column], Counts]:
    """Read the source once and write its rows below `staging/`; nothing if there are none.

    Returns what its columns are, and what became of its rows.
    """
    partitions = partitions_of(source)
    read = read_records(spark, job, source, header)
    check_names(job, read.names, pins)
    rows = read.rows
    if partitions > 1 or len(source.files) > 1:
        # A task reads each file; the costly part is spread over all of them.
        rows = rows.repartition(partitions, "name", "record")
    # Only a cell of a pinned column of truth values may be a number that doesn't fit.
    keep_cells = any(pin.kind == BOOLEAN for pin in pins.values())
    records = parsed(read, rows, keep_cells=keep_cells).persist()
    try:
        columns = find_columns(records, read.names, job.label, pins)
        keys = [file.key for file in source.files]
        classified = classify(records, columns, job, read, keys)
        has_texts = any(column.kind not in {NUMBER, DROP} for column in columns)
        counts = _write(spark, job, source, classified, partitions=partitions, has_texts=has_texts)
    finally:
        records.unpersist()
    return columns, counts


def partitions_of(source: Source) -> int:
    """How many tasks share the costly part: by the bytes of the text that the source unpacks to."""
    packed = sum(
        file.size
        for file in source.files
        if source.input.format == PARQUET or compression_of(file.key)
    )
    size = source.size + (UNPACKED - 1) * packed
    return min(math.ceil(size / BYTES_PER_PARTITION), MAXIMUM_PARTITIONS)


def _write(
    spark: SparkSession,
    job: Job,
    source: Source,
    rows: DataFrame,
    *,
    partitions: int,
    has_texts: bool,
) -> Counts:
    # Where what a row holds decides, it is needed to count the rows, too: it is read once. So are
    # rows with other cells than numbers, which are costly to read.
    by_text = job.drop_duplicates or job.split.by != RECORD or has_texts
    if job.drop_duplicates:
        rows = rows.repartition(partitions, "value")
    if by_text:
        rows = rows.persist()
    try:
        outcome = outcomes(rows, job, source)
        counts = count(rows, outcome)
        if counts.input == 0:
            has_header = source.input.format == CSV and not source.input.header
            raise InputError(f"{job.source} has {'a header but ' if has_header else ''}no rows.")
        # The order is part of the content: the same source gives the same files, byte for byte.
        ordered = outcome.withColumn("place", F.xxhash64("value"))
        ordered = ordered.sortWithinPartitions("channel", "place", "value")
        ordered.select("channel", "value").write.partitionBy("channel").text(job.staged_rows)
        check_written(spark, job, counts)
    finally:
        if by_text:
            rows.unpersist()
    return counts
