"""The data frame of a team's own script, as a source of Parquet.

It is written once below `staging/`, and then read like raw files: the team's code doesn't run again
for each pass over the rows, and the rows keep their places.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from py4j.protocol import Py4JJavaError  # type: ignore[import-untyped]
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from workloads.glue.arguments import Job
from workloads.glue.dialect import NAME_ENDS, PARQUET
from workloads.glue.flattening import names_of
from workloads.glue.kinds import Pinned
from workloads.glue.manifest import described
from workloads.glue.names import check_names
from workloads.glue.publication import listed
from workloads.glue.script import Script, ScriptSource, returned_frame, script_error
from workloads.glue.source import (
    COPIES_AT_ONCE,
    ONLY_BYTES,
    Source,
    SourceFile,
    copy_version,
)
from workloads.glue.split import CONTENT, RECORD, Split


def run_script(
    s3: Any,
    job: Job,
    source: Source,
    script: Script,
    *,
    pins: Mapping[str, Pinned],
    session: Callable[[], SparkSession],
) -> tuple[Job, Source, dict[str, Any]]:
    """Run the script on `source`: the job as it goes on, what it reads, the script's description.

    `session` starts Spark once the script's inputs are copied.
    """
    inputs = _copy_inputs(s3, job, script)
    job, given = _job_of(job, script), _given_to(script, job, source, inputs)
    frame = _frame_source(s3, job, script, given, pins=pins, spark=session())
    return job, frame, described(script, inputs)


def _job_of(job: Job, script: Script) -> Job:
    """The job as it goes on with the script's data frame.

    Its rows come in no order that another attempt would meet: only what they hold tells them apart.
    """
    split = Split(by=CONTENT) if job.split.by == RECORD else job.split
    return replace(job, script=script.file, source_version=None, split=split)


def _copy_inputs(s3: Any, job: Job, script: Script) -> dict[str, SourceFile]:
    """Copy the current versions of the script's further inputs; returns them by name."""
    found = {}
    for name, key in script.inputs.items():
        # The ends of a name tell Spark how to unpack.
        copy_key = f"{job.folder('staging')}inputs/{name}/{key.rpartition('/')[2]}"
        found[name] = copy_version(s3, replace(job, source_version=None), key, copy_key)
    return found


def _given_to(
    script: Script, job: Job, source: Source, inputs: Mapping[str, SourceFile]
) -> ScriptSource:
    """What the script is given: the copies of everything that it reads."""
    return ScriptSource(
        paths=[job.uri(file.copy_key) for file in source.files],
        inputs={name: job.uri(file.copy_key) for name, file in inputs.items()},
        arguments=script.arguments,
        input=source.input,
    )


def _frame_source(
    s3: Any,
    job: Job,
    script: Script,
    given: ScriptSource,
    *,
    pins: Mapping[str, Pinned],
    spark: SparkSession,
) -> Source:
    """Run the script and stage its data frame; its texts are read as those of `given`."""
    # A session of its own: what the script configures ends with it.
    frame = returned_frame(script, spark.newSession(), given)
    check_names(job, names_of(frame.schema), pins)
    folder = f"{job.folder('staging')}frame/"
    try:
        frame.sparkSession.conf.set("spark.sql.caseSensitive", "true")
        frame.write.parquet(job.uri(folder))
    except (PySparkException, Py4JJavaError) as error:
        raise script_error(script, error) from error
    kind = replace(given.input, format=PARQUET)
    return Source(input=kind, files=_numbered(s3, job, script, folder))


def _numbered(s3: Any, job: Job, script: Script, folder: str) -> tuple[SourceFile, ...]:
    """Copies of the parts under names that count on: Spark's leave out what is empty."""
    parts = sorted(
        (key, size)
        for key, size in listed(s3, job, "staging")
        if key.startswith(folder) and key.endswith(NAME_ENDS[PARQUET])
    )

    def copied(numbered: tuple[int, tuple[str, int]]) -> SourceFile:
        number, (key, size) = numbered
        copy_key = f"{job.folder('staging')}parts/{number:05d}{NAME_ENDS[PARQUET]}"
        s3.copy({"Bucket": job.bucket, "Key": key}, job.bucket, copy_key, ONLY_BYTES)
        name = f"{script.file}#{number}"
        return SourceFile(key=name, copy_key=copy_key, etag="", version_id=None, size=size)

    with ThreadPoolExecutor(max_workers=COPIES_AT_ONCE) as pool:
        return tuple(pool.map(copied, enumerate(parts)))
