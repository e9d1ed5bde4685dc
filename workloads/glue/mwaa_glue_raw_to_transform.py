"""The Glue job: one raw CSV file in, training and validation data for XGBoost out.

Plain PySpark and boto3, one file, for Glue 5.0 to 6.0 (Spark 3.5 and 4.1, where ANSI mode is on).

Every row of the source becomes exactly one of these, and the counts must add up before anything is
published:

- a row for training or for validation: numbers only, label first, no header;
- a rejected row: kept unchanged, as JSON, with its reasons;
- with `--drop_duplicates true`, a copy of an earlier row: the same numbers, however written.

With `--split_by record` a row's channel follows from a hash of its number in the file and of the
file's version: every attempt splits alike, and both channels are samples of the same rows. With
`content` it follows from the row itself: equal rows are in one channel, in every file.

The source's version is copied below `staging/` first, and only the copy is read: it can't change
meanwhile, and has a name that Spark takes as it is. Spark writes below `staging/`, too; finished
parts are copied from there once each, and the manifest is written last: a run without one isn't
published. This script sets nothing that belongs to the platform (endpoints, credentials, memory),
and deletes only what it staged.
"""

from __future__ import annotations

import argparse
import csv
import difflib
import io
import json
import logging
import math
import re
import sys
import time
import traceback
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, NoReturn

import boto3
from botocore.exceptions import ClientError
from py4j.protocol import Py4JJavaError  # type: ignore[import-untyped]
from pyspark.errors import PySparkException
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the name every Spark program uses
from pyspark.sql.types import StringType, StructField, StructType

LOG = logging.getLogger("mwaa_glue_raw_to_transform")

MANIFEST_VERSION = 1
VALIDATION_PERCENT = 20
HEADER_LIMIT = 1024 * 1024
"""Bytes within which the header has to end."""

MAXIMUM_CELLS = 200_000
"""Cells a row may have before Spark's parser fails on the whole file; its default is 20,480."""

BYTES_PER_PARTITION = 32 * 1024 * 1024
"""Source bytes per partition: small files become one part per channel, large ones many."""

MAXIMUM_PARTITIONS = 250
"""Beyond 8 GB partitions grow instead: the ML pipelines' DAGs poll S3 for each part."""

LARGEST_NUMBER = 3.4e38
SMALLEST_NUMBER = 1.2e-38
"""XGBoost reads 32-bit floats: it fails on larger numbers and misreads smaller ones (ADR 0041)."""

LARGEST_INTEGER = 1e15
"""Below it an integer is written digit by digit: XGBoost's reader fails on 20 digits."""

MISSING = frozenset({"404", "NoSuchKey", "NotFound"})
"""The error codes with which S3 says that there is no such object."""

CHANNELS = ("train", "validation", "rejected")
COPIES_AT_ONCE = 8
CONFLICT_PAUSES_SECONDS = (1, 2, 4, 8, 16)
"""The pause after each conflict before a conditional write is sent again."""

DELETE_LIMIT = 1000
"""Objects that one DeleteObjects may name (an S3 limit)."""

REASONS_SHOWN = 50
COLUMNS_SHOWN = 20
CLOSE = 0.75
"""How alike two names are, of 1, for the one to be a typing error of the other."""

INPUT_REFUSED = "Input refused: "
"""What begins the sentence of a failure that the file would cause again: the DAG doesn't retry."""

RUN_PATTERN = re.compile(r"[0-9]{8}T[0-9]{12}")
KEY_PATTERN = re.compile(r".+", re.DOTALL)
BUCKET_PATTERN = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
STAGED_PATTERN = re.compile(r"/channel=(train|validation|rejected)/part-[^/]+$")

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

SPANNED_LINES = r"1 + length(regexp_replace(coalesce(text, array_join(cells, ' ')), '[^\n]', ''))"

# The multi-byte characters of UTF-8, as they look when its bytes are read as Latin-1.
UTF_8_SEQUENCE = (
    r"[\xC2-\xDF][\x80-\xBF]|\xE0[\xA0-\xBF][\x80-\xBF]|[\xE1-\xEC\xEE\xEF][\x80-\xBF]{2}"
    r"|\xED[\x80-\x9F][\x80-\xBF]|\xF0[\x90-\xBF][\x80-\xBF]{2}|[\xF1-\xF3][\x80-\xBF]{3}"
    r"|\xF4[\x80-\x8F][\x80-\xBF]{2}"
)

BYTE_ORDER_MARK = b"\xef\xbb\xbf"

# A cell in quotes, whose line breaks are its own, or the end of a line.
QUOTED_OR_LINE_END = re.compile(
    rb'(?:\A|(?<=[,\r\n]))"[^"]*(?:""[^"]*)*(?:"|\Z)|(?P<end>\r\n|\r|\n)'
)

NOT_CSV = {
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "a zip archive or a spreadsheet",
    b"PAR1": "Parquet",
    b"BZh91AY&SY": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "Zstandard",
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


class JobError(Exception):
    """A condition that fails the job, as one sentence for the job run's ErrorMessage."""


class InputError(JobError):
    """A condition of the file itself, which every attempt would meet."""


class SentenceParser(argparse.ArgumentParser):
    """An argument parser that raises its errors instead of printing them with a usage text."""

    def error(self, message: str) -> NoReturn:
        """Raise the message that `argparse` would print."""
        raise JobError(f"The job's arguments are wrong: {message}.")


@dataclass(frozen=True, kw_only=True)
class Job:
    """One execution of the job: its arguments, and the keys that follow from them."""

    bucket: str
    source_key: str
    source_version: str | None
    run: str
    label: str
    max_rejected_fraction: float
    min_rows: int
    split_by: str
    drop_duplicates: bool
    attempt: str

    @property
    def source(self) -> str:
        """The source's URI, for messages."""
        return f"s3://{self.bucket}/{self.source_key}"

    @property
    def copy_key(self) -> str:
        """The key of this attempt's copy of the source, which is read."""
        return f"{self.folder('staging')}source.csv"

    @property
    def staged_rows(self) -> str:
        """The URI below which Spark stages this attempt's rows."""
        return f"s3://{self.bucket}/{self.folder('staging')}rows/"

    @property
    def manifest_key(self) -> str:
        """The key of the run's manifest, the same for every attempt."""
        return f"transformed/run={self.run}/_manifest.json"

    def folder(self, area: str) -> str:
        """This attempt's folder below `area`, with its closing slash."""
        return f"{area}/run={self.run}/{self.attempt}/"


@dataclass(frozen=True, kw_only=True)
class Source:
    """The version of the source object that is read."""

    etag: str
    version_id: str | None
    size: int

    @property
    def version(self) -> str:
        """What tells this version from others; a bucket without versioning has no ids."""
        return self.version_id or self.etag


@dataclass(frozen=True, kw_only=True)
class Counts:
    """The number of rows by outcome, and of rejected rows by each of their reasons."""

    input: int
    train: int
    validation: int
    rejected: int
    duplicates: int
    rejected_fraction: float
    reasons: Mapping[str, int]
    last_column_filled: bool

    @property
    def rows(self) -> dict[str, int]:
        """The counts as the manifest lists them."""
        names = ("input", "train", "validation", "rejected", "duplicates")
        return {name: getattr(self, name) for name in names}

    @property
    def most_frequent_reasons(self) -> str:
        """The most frequent reasons, with their counts."""
        ranked = sorted(self.reasons.items(), key=lambda item: (-item[1], item[0]))
        return some([f"{reason} ({count})" for reason, count in ranked], REASONS_SHOWN)


def some(texts: Sequence[str], most: int) -> str:
    """The texts as a list, with the number of those beyond `most`."""
    rest = f" and {len(texts) - most} more" if len(texts) > most else ""
    return ", ".join(texts[:most]) + rest


def parse_arguments(arguments: Sequence[str]) -> Job:
    """Parse and check the job's arguments; those that Glue adds are ignored."""
    parser = SentenceParser(allow_abbrev=False, add_help=False)
    for name in ("bucket_name", "source_key", "run", "label_column"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--source_version")
    parser.add_argument("--max_rejected_fraction", required=True, type=float)
    parser.add_argument("--min_rows", required=True, type=int)
    parser.add_argument("--split_by", required=True, choices=("record", "content"))
    parser.add_argument("--drop_duplicates", required=True, choices=("true", "false"))
    known, _ = parser.parse_known_args(arguments)
    _check(BUCKET_PATTERN, "bucket_name", known.bucket_name, "the name of an S3 bucket")
    _check(KEY_PATTERN, "source_key", known.source_key, "the key of an object")
    _check(RUN_PATTERN, "run", known.run, "a time like 20261122T123336123456")
    if not 0 <= known.max_rejected_fraction <= 1:
        raise JobError(
            f"--max_rejected_fraction: expected 0 to 1, got {known.max_rejected_fraction}."
        )
    return Job(
        bucket=known.bucket_name,
        source_key=known.source_key,
        source_version=known.source_version,
        run=known.run,
        label=known.label_column.strip(),
        max_rejected_fraction=known.max_rejected_fraction,
        min_rows=known.min_rows,
        split_by=known.split_by,
        drop_duplicates=known.drop_duplicates == "true",
        attempt=uuid.uuid4().hex,
    )


def _check(pattern: re.Pattern[str], name: str, value: str, expected: str) -> None:
    if not pattern.fullmatch(value):
        raise JobError(f"--{name}: expected {expected}, got {value!r}.")


def error_code(error: ClientError) -> str:
    """The error's code, such as `404` or `PreconditionFailed`."""
    return str(error.response.get("Error", {}).get("Code"))


def copy_source(s3: Any, job: Job) -> Source:
    """Copy the version that the run reads, the given or else the current one; returns it."""
    original = {"Bucket": job.bucket, "Key": job.source_key}
    if job.source_version is not None:
        original["VersionId"] = job.source_version
    try:
        found = s3.head_object(**original)
        source = Source(
            etag=found["ETag"], version_id=found.get("VersionId"), size=found["ContentLength"]
        )
        if source.version_id is not None:
            original["VersionId"] = source.version_id
        # Only the bytes: with its tags the copy would need further permissions.
        plain = {"MetadataDirective": "REPLACE", "TaggingDirective": "REPLACE"}
        s3.copy(original, job.bucket, job.copy_key, {**plain, "CopySourceIfMatch": source.etag})
    except ClientError as error:
        if (reason := unreadable(job, error_code(error))) is None:
            raise
        raise reason from error
    return source


def unreadable(job: Job, code: str) -> JobError | None:
    """The sentence for a source that S3 doesn't give, by S3's error code."""
    if code == "403":
        # A response to HeadObject has no body, so S3's message is only "Forbidden".
        return JobError(
            f"The job's role may not read {job.source}: it needs s3:GetObject and "
            "s3:GetObjectVersion on that key, and kms:Decrypt with the key that encrypts it."
        )
    # S3 answers 405 for a version that is a delete marker, and 400 for what can't be a version.
    if job.source_version is not None and code in {*MISSING, "NoSuchVersion", "405", "400"}:
        return InputError(
            f"There is no version {job.source_version!r} of {job.source}: it was deleted, or it is "
            "another object's."
        )
    return JobError(f"There is no object {job.source}.") if code in MISSING else None


def read_columns(s3: Any, job: Job, source: Source) -> list[str]:
    """The names in the source's header, in order; raises if they can't be used."""
    if source.size == 0:
        raise InputError(f"{job.source} is empty: it needs a header and rows.")
    part = f"bytes=0-{HEADER_LIMIT - 1}"
    start = s3.get_object(Bucket=job.bucket, Key=job.copy_key, Range=part)["Body"].read()
    for signature, name in NOT_CSV.items():
        if start.startswith(signature):
            raise InputError(f"{job.source} is not a CSV file but {name}: upload it as UTF-8 text.")
    columns = parse_header(job, start, whole=source.size <= len(start))
    check_columns(job, columns)
    check_line_ends(job, start.removeprefix(BYTE_ORDER_MARK))
    return columns


def parse_header(job: Job, start: bytes, *, whole: bool) -> list[str]:
    """The cells of the first row in `start`, the first bytes of the source or all of it."""
    # Latin-1 keeps every byte apart, so that only the header itself has to be UTF-8.
    text = io.StringIO(start.removeprefix(BYTE_ORDER_MARK).decode("latin-1"), newline="")
    csv.field_size_limit(HEADER_LIMIT)
    try:
        cells = next((row for row in csv.reader(text, strict=True) if row), [])
    except csv.Error as error:
        raise InputError(
            f"The header of {job.source} has a quote that is never closed, or something between a "
            "closing quote and the next comma: write each name with two quotes around it, or with "
            "none."
        ) from error
    if start.startswith(BYTE_ORDER_MARK) and re.search(r"[\r\n]", "".join(cells[:1])):
        # To Spark the mark stands before the quote, so the line break would end the header.
        raise InputError(
            f"The first name in the header of {job.source} spans lines, after a byte-order mark: "
            "take the line break out of it."
        )
    if any("\0" in cell for cell in cells):
        raise InputError(
            f"The header of {job.source} holds zero bytes, as UTF-16 and binary files do: save "
            "the file as UTF-8."
        )
    if not whole and not text.read(1):
        raise InputError(f"The header of {job.source} doesn't end within {HEADER_LIMIT} bytes.")
    try:
        return [cell.encode("latin-1").decode("utf-8").strip() for cell in cells]
    except UnicodeDecodeError as error:
        raise InputError(
            f"The header of {job.source} is not valid UTF-8: save the file as UTF-8."
        ) from error


def check_columns(job: Job, columns: Sequence[str]) -> None:
    """Fail on a header that doesn't name a label and features, each once."""
    if not any(columns):
        raise InputError(f"{job.source} has no header: its first row must name the columns.")
    if job.label not in columns:
        raise InputError(missing_label(job, columns))
    unnamed = [str(number) for number, name in enumerate(columns, 1) if not name]
    if unnamed == ["1"]:
        raise InputError(
            f"The first column of {job.source} has no name, as where pandas or R numbers the rows: "
            "save the file without it (index=False in pandas, row.names=FALSE in R), or name it if "
            "it is a feature."
        )
    if unnamed:
        raise InputError(
            f"Column {', '.join(unnamed)} of {job.source} has no name: name every column."
        )
    if repeated := sorted({name for name in columns if columns.count(name) > 1}):
        raise InputError(
            f"{job.source} has more than one column of the name {', '.join(map(repr, repeated))}: "
            "name every column differently."
        )
    if len(columns) == 1:
        raise InputError(f"{job.source} has the label alone: training needs at least one feature.")


def check_line_ends(job: Job, start: bytes) -> None:
    """Fail on LF after the first row where the header ends otherwise: Spark reads only one kind.

    The other way round nothing is lost: what Spark leaves at a line's end is white space.
    """
    found = (match["end"] for match in QUOTED_OR_LINE_END.finditer(start))
    ends = [end for end, _ in zip(filter(None, found), range(2), strict=False)]
    if ends[1:] == [b"\n"] and ends[0] != b"\n":
        headers = "CR" if ends[0] == b"\r" else "CRLF"
        raise InputError(
            f"The header of {job.source} ends in {headers} and its first row in LF: save the file "
            "with one kind of line end."
        )


def missing_label(job: Job, columns: Sequence[str]) -> str:
    """The sentence for a missing label column: which columns there are, and the most similar."""
    folded = {name.casefold(): name for name in columns}
    close = difflib.get_close_matches(job.label.casefold(), folded, n=1, cutoff=CLOSE)
    hint = f"; the closest is {folded[close[0]]!r}" if close else ""
    if len(columns) == 1 and re.search(r"[;\t|]", columns[0]):
        hint = "; cells must be separated by commas"
    shown = some(list(map(repr, columns)), COLUMNS_SHOWN)
    return f"{job.source} has no label column {job.label!r}: its columns are {shown}{hint}."


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


def outcomes(rows: DataFrame, job: Job, source: Source) -> DataFrame:
    """What becomes of `rows`: each with its `channel`, and with the number of its `copies`.

    Of equal rows the first stays, or all. Every rejection does: its number tells it from others.
    """
    if job.drop_duplicates:
        # All keys and no other strings: Spark can then group by hashes, without sorting.
        groups = rows.groupBy("value", "rejected", "lines")
        rows = groups.agg(F.count(F.lit(1)).alias("copies"), F.min("record").alias("record"))
    else:
        rows = rows.withColumn("copies", F.lit(1))
    keys = ["value"] if job.split_by == "content" else ["record", F.lit(source.version)]
    validation = F.pmod(F.xxhash64(*keys), F.lit(100)) < VALIDATION_PERCENT
    channel = F.when(F.col("rejected"), F.lit("rejected"))
    channel = channel.when(validation, F.lit("validation")).otherwise(F.lit("train"))
    return rows.withColumn("channel", channel)


def count(rows: DataFrame, outcome: DataFrame) -> Counts:
    """Count the records before and after duplicates are dropped."""
    sums = [F.sum(name).alias(name) for name in ("copies", "lines")]
    filled = F.max(~F.col("value").endswith(",")).alias("filled")
    groups = outcome.groupBy("channel").agg(F.count(F.lit(1)).alias("rows"), *sums, filled)
    found = {group["channel"]: group for group in groups.collect()}
    total = {name: found[name]["rows"] if name in found else 0 for name in CHANNELS}
    good = sum(group["copies"] for name, group in found.items() if name != "rejected")
    rejected_lines = found["rejected"]["lines"] if "rejected" in found else 0
    reasons = rows.select(F.explode("reasons").alias("reason")).groupBy("reason").count()
    return Counts(
        input=rows.count(),
        **total,
        duplicates=sum(group["copies"] - group["rows"] for group in found.values()),
        rejected_fraction=rejected_lines / max(rejected_lines + good, 1),
        reasons={row["reason"]: row["count"] for row in reasons.collect()},
        last_column_filled="train" in found and found["train"]["filled"],
    )


def stage(spark: SparkSession, job: Job, source: Source, columns: Sequence[str]) -> Counts:
    """Read the source once and write its rows below `staging/`; nothing if there are none."""
    partitions = min(math.ceil(source.size / BYTES_PER_PARTITION), MAXIMUM_PARTITIONS)
    records = read_records(spark, job, len(columns))
    if partitions > 1:
        # One task reads the file; the costly part is spread over all of them.
        records = records.repartition(partitions, "record")
    rows = classify(records, job, columns)
    if job.drop_duplicates:
        rows = rows.repartition(partitions, "value")
    rows = rows.persist()
    try:
        outcome = outcomes(rows, job, source)
        counts = count(rows, outcome)
        if counts.input == 0:
            raise InputError(f"{job.source} has a header but no rows.")
        # The order is part of the content: the same source gives the same files, byte for byte.
        ordered = outcome.withColumn("place", F.xxhash64("value"))
        ordered = ordered.sortWithinPartitions("channel", "place", "value")
        ordered.select("channel", "value").write.partitionBy("channel").text(job.staged_rows)
        check_written(spark, job, counts)
    finally:
        rows.unpersist()
    return counts


def check_counts(job: Job, counts: Counts, columns: Sequence[str]) -> None:
    """Fail on data that can't be trained on."""
    kept = f"they are below s3://{job.bucket}/{job.folder('rejected')}"
    usable = counts.train + counts.validation
    if usable == 0:
        text = any(reason.endswith(": not a number") for reason in counts.reasons)
        advice = "leave columns of text out, or write them as numbers; " if text else ""
        raise InputError(
            f"None of the {counts.input} rows of {job.source} can be used: "
            f"{counts.most_frequent_reasons}; {advice}{kept}."
        )
    if counts.rejected_fraction > job.max_rejected_fraction:
        raise InputError(
            f"{counts.rejected} of the {counts.input} rows of {job.source} can't be used, "
            f"{counts.rejected_fraction:.2%} of its lines, and max_rejected_fraction allows "
            f"{job.max_rejected_fraction:.2%}: {counts.most_frequent_reasons}; {kept}."
        )
    if min(counts.train, counts.validation) < job.min_rows:
        dropped = f", {counts.duplicates} duplicates were dropped" if job.drop_duplicates else ""
        raise InputError(
            f"{job.source} has too few rows: {counts.train} for training and {counts.validation} "
            f"for validation{dropped}, and min_rows asks for {job.min_rows} of each; upload more "
            "rows, or lower min_rows in the topology."
        )
    if not counts.last_column_filled:
        last = label_first(job, columns)[-1]
        raise InputError(
            f"The last column of {job.source}, {last!r}, is empty in every row for training, and "
            "XGBoost would not see it at all: fill it or leave it out."
        )


def check_written(spark: SparkSession, job: Job, counts: Counts) -> None:
    """Check that what was staged is what was counted, and that it adds up to the input."""
    groups = spark.read.text(job.staged_rows).groupBy("channel").count().collect()
    staged = {group["channel"]: group["count"] for group in groups}
    expected = {name: counts.rows[name] for name in CHANNELS if counts.rows[name]}
    if staged != expected or sum(staged.values()) + counts.duplicates != counts.input:
        raise JobError(
            f"The rows don't add up, so nothing was published: counted {counts.rows}, "
            f"staged {staged}; start the job again."
        )


def publish(s3: Any, job: Job, area: str) -> list[dict[str, Any]]:
    """Copy the staged parts of `area` to their keys, once each; returns the files there."""
    sizes = {key: size for key, size in listed(s3, job, "staging") if STAGED_PATTERN.search(key)}
    folder = job.folder(area)
    keys = published_keys(job, sorted(sizes)).items()
    targets = {staged: key for staged, key in keys if key.startswith(folder)}

    def copy(staged: str) -> None:
        origin = {"Bucket": job.bucket, "Key": staged}
        s3.copy_object(Bucket=job.bucket, Key=targets[staged], CopySource=origin)

    with ThreadPoolExecutor(max_workers=COPIES_AT_ONCE) as pool:
        list(pool.map(copy, targets))
    arrived = dict(listed(s3, job, area))
    if arrived != {key: sizes[staged] for staged, key in targets.items()}:
        raise JobError(
            f"The copies below s3://{job.bucket}/{folder} differ from what was staged, so the run "
            "was not published: start the job again."
        )
    return [{"key": key, "size": size} for key, size in sorted(arrived.items())]


def published_keys(job: Job, staged: Sequence[str]) -> dict[str, str]:
    """The key of each staged part; parts are numbered within their channel."""
    targets: dict[str, str] = {}
    numbers: Counter[str] = Counter()
    for key in staged:
        channel = key.split("/channel=")[1].split("/")[0]
        name = f"part-{numbers[channel]:05d}"
        numbers[channel] += 1
        if channel == "rejected":
            targets[key] = f"{job.folder('rejected')}{name}.jsonl"
        else:
            targets[key] = f"{job.folder('transformed')}{channel}/{name}.csv"
    return targets


def listed(s3: Any, job: Job, area: str) -> Iterator[tuple[str, int]]:
    """Keys and sizes of the attempt's objects below `area`."""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=job.bucket, Prefix=job.folder(area))
    for page in pages:
        for found in page.get("Contents", []):
            yield found["Key"], found["Size"]


def manifest(
    job: Job,
    source: Source,
    columns: Sequence[str],
    counts: Counts,
    files: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """The run's manifest, from which its readers know what it consists of."""
    transformed = job.folder("transformed")
    return {
        "version": MANIFEST_VERSION,
        "run": job.run,
        "attempt": job.attempt,
        "source": {
            "bucket": job.bucket,
            "key": job.source_key,
            "etag": source.etag,
            "version_id": source.version_id,
        },
        "columns": label_first(job, columns),
        "rows": counts.rows,
        "channels": {name: f"{transformed}{name}/" for name in ("train", "validation")},
        "files": list(files),
    }


def has_manifest(s3: Any, job: Job) -> bool:
    """Whether an attempt has completed this run."""
    try:
        s3.head_object(Bucket=job.bucket, Key=job.manifest_key)
    except ClientError as error:
        if error_code(error) in MISSING:
            return False
        raise
    return True


def write_manifest(s3: Any, job: Job, content: Mapping[str, Any]) -> bool:
    """Publish the run; False if another attempt has, whose manifest then stays.

    S3 answers 412 where there is a manifest, and 409 where another request conflicts, with or
    without one: then the request must be sent again (S3's user guide, conditional writes).
    """

    def only_if_new(params: dict[str, Any], **_: Any) -> None:
        # As a header, because the boto3 of Glue 5.0 doesn't know the argument.
        params["headers"]["If-None-Match"] = "*"

    s3.meta.events.register("before-call.s3.PutObject", only_if_new)
    try:
        return put_manifest(s3, job, json.dumps(content, indent=1).encode())
    finally:
        s3.meta.events.unregister("before-call.s3.PutObject", only_if_new)


def put_manifest(s3: Any, job: Job, body: bytes) -> bool:
    """Send the manifest until S3 accepts it, or has another one."""
    pauses = iter(CONFLICT_PAUSES_SECONDS)
    while True:
        try:
            s3.put_object(
                Bucket=job.bucket,
                Key=job.manifest_key,
                Body=body,
                ContentType="application/json",
            )
        except ClientError as error:
            if error_code(error) in {"PreconditionFailed", "412"}:
                return False
            pause = next(pauses, None)
            if pause is None or error_code(error) not in {"ConditionalRequestConflict", "409"}:
                raise
            time.sleep(pause)
        else:
            return True


def clear_staging(s3: Any, job: Job) -> None:
    """Delete what this attempt staged; what can't be deleted expires by the bucket's lifecycle."""
    keys = [{"Key": key} for key, _ in listed(s3, job, "staging")]
    for start in range(0, len(keys), DELETE_LIMIT):
        batch = {"Objects": keys[start : start + DELETE_LIMIT], "Quiet": True}
        for error in s3.delete_objects(Bucket=job.bucket, Delete=batch).get("Errors", []):
            LOG.warning("%s was left behind: %s", error["Key"], error["Code"])


def transform(job: Job, s3: Any, session: Callable[[], SparkSession]) -> None:
    """Do the whole job; `session` starts Spark, which many bad files fail before."""
    if has_manifest(s3, job):
        LOG.info("Run %s was completed by an earlier attempt: nothing to do.", job.run)
        return
    try:
        source = copy_source(s3, job)
        columns = read_columns(s3, job, source)
        counts = staged_counts(job, source, columns, session)
        # Also where the run fails, users can look at its rejected rows.
        publish(s3, job, "rejected")
        check_counts(job, counts, columns)
        content = manifest(job, source, columns, counts, publish(s3, job, "transformed"))
        if write_manifest(s3, job, content):
            LOG.info("Run %s: %s from %s.", job.run, json.dumps(counts.rows), job.source)
        else:
            LOG.info("Run %s was completed by another attempt meanwhile: nothing to do.", job.run)
    finally:
        clear_staging(s3, job)


def staged_counts(
    job: Job, source: Source, columns: Sequence[str], session: Callable[[], SparkSession]
) -> Counts:
    """Stage the source's rows; where Spark fails, its error becomes one sentence."""
    try:
        return stage(session(), job, source, columns)
    except (PySparkException, Py4JJavaError) as error:
        raise JobError(f"Spark failed on {job.source}: {cause(error)}") from error


def cause(error: Exception) -> str:
    """The first line of the root cause of Spark's error."""
    message = str(error)
    if isinstance(error, Py4JJavaError):
        thrown = error.java_exception
        while thrown.getCause() is not None:
            thrown = thrown.getCause()
        message = str(thrown.toString())
    return message.strip().split("\n")[0].rstrip(".") + "."


def main(arguments: Sequence[str]) -> None:
    """Run the job; an expected failure is one sentence and the exit status 1."""
    try:
        job = parse_arguments(arguments)
        transform(job, boto3.client("s3"), SparkSession.builder.getOrCreate)
    except JobError as error:
        if isinstance(error.__cause__, (PySparkException, Py4JJavaError)):
            traceback.print_exc(file=sys.stdout)
        start = INPUT_REFUSED if isinstance(error, InputError) else ""
        raise SystemExit(f"{start}{error}") from None
    except ClientError as error:
        raise SystemExit(f"S3 refused a request of the job: {error}.") from None


if __name__ == "__main__":
    LOG.addHandler(logging.StreamHandler(sys.stdout))
    LOG.setLevel(logging.INFO)
    main(sys.argv[1:])
