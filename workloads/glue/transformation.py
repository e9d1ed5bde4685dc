"""The whole job: raw files in, training and validation data for XGBoost out.

Every row of the source becomes exactly one of these, and the counts must add up before anything is
published:

- a row for training or for validation: numbers only, label first, no header;
- a rejected row: kept unchanged, as JSON, with its reasons;
- with `--drop_duplicates true`, a copy of an earlier row: the same numbers, however written.

Plain PySpark and boto3, for Glue 5.0 to 6.0 (Spark 3.5 and 4.1, where ANSI mode is on). Nothing
here sets what belongs to the platform (endpoints, credentials, memory) or deletes what another
attempt staged.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import boto3
from botocore.exceptions import ClientError
from py4j.protocol import Py4JJavaError  # type: ignore[import-untyped]
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from workloads.glue.accounting import Counts, check_counts
from workloads.glue.arguments import Job, parse_arguments
from workloads.glue.dialect import CSV, input_of
from workloads.glue.errors import JobError, ScriptError
from workloads.glue.frame import run_script
from workloads.glue.header import read_header
from workloads.glue.kinds import Column, Pinned, pinned
from workloads.glue.label import check_label, trainings
from workloads.glue.manifest import has_manifest, manifest, write_manifest
from workloads.glue.names import check_names
from workloads.glue.publication import clear_staging, publish, publish_schema
from workloads.glue.schema import schema
from workloads.glue.script import script_of
from workloads.glue.source import Source, copy_source, read_settings
from workloads.glue.spark_errors import cause
from workloads.glue.split import split_of
from workloads.glue.staging import stage
from workloads.glue.unpacking import unpacked

_LOG = logging.getLogger(__name__)


def transform(job: Job, s3: Any, session: Callable[[], SparkSession]) -> None:
    """Do the whole job; `session` starts Spark, which many bad files fail before."""
    if has_manifest(s3, job):
        _LOG.info("Run %s was completed by an earlier attempt: nothing to do.", job.run)
        return
    settings = read_settings(s3, job)
    try:
        given, pins = input_of(settings), pinned(settings)
        job = replace(job, split=split_of(settings), program=settings.get("program"))
        source = unpacked(s3, job, copy_source(s3, job, given), session)
        read, header, used = source, [], None
        if script := script_of(settings):
            job, read, used = run_script(s3, job, source, script, pins=pins, session=session)
        else:
            header = read_header(s3, job, source)
            if given.format == CSV:
                check_names(job, header, pins)
        columns, counts = staged(job, read, header, pins, session)
        # Also where the run fails, users can look at its rejected rows.
        publish(s3, job, "rejected")
        check_counts(job, counts, columns)
        label = next(column for column in columns if column.name == job.label)
        if counts.labels:
            check_label(job.source, label, counts.labels, trainings(settings))
        files = publish(s3, job, "transformed")
        written = publish_schema(s3, job, schema(job.run, columns, job.label, read.input))
        content = manifest(job, source, columns, counts, files=files, schema=written, script=used)
        if write_manifest(s3, job, content):
            _LOG.info("Run %s: %s from %s.", job.run, json.dumps(counts.rows), job.source)
        else:
            _LOG.info("Run %s was completed by another attempt meanwhile: nothing to do.", job.run)
    finally:
        clear_staging(s3, job)


def staged(
    job: Job,
    source: Source,
    header: Sequence[str],
    pins: Mapping[str, Pinned],
    session: Callable[[], SparkSession],
) -> tuple[list[Column], Counts]:
    """Stage the source's rows; where Spark fails, its error becomes one sentence."""
    try:
        return stage(session(), job, source, header, pins)
    except (PySparkException, Py4JJavaError) as error:
        raise JobError(f"Spark failed on {job.source}: {cause(error)}") from error


def main(arguments: Sequence[str]) -> None:
    """Run the job; an expected failure is one sentence and the exit status 1."""
    log = logging.getLogger("workloads.glue")
    log.addHandler(logging.StreamHandler(sys.stdout))
    log.setLevel(logging.INFO)
    try:
        job = parse_arguments(arguments)
        transform(job, boto3.client("s3"), SparkSession.builder.getOrCreate)
    except JobError as error:
        if isinstance(error.__cause__, (PySparkException, Py4JJavaError)) or isinstance(
            error, ScriptError
        ):
            traceback.print_exc(file=sys.stdout)
        raise SystemExit(f"{error.start}{error}") from None
    except ClientError as error:
        raise SystemExit(f"S3 refused a request of the job: {error}.") from None
