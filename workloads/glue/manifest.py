"""The manifest of a run, written last: a run without one isn't published."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from workloads.glue.accounting import Counts
from workloads.glue.arguments import Job
from workloads.glue.kinds import Column
from workloads.glue.label import classes_of
from workloads.glue.schema import written_names
from workloads.glue.script import Script
from workloads.glue.source import MISSING, Source, SourceFile, error_code
from workloads.glue.taken import taken

MANIFEST_VERSION = 1
CONFLICT_PAUSES_SECONDS = (1, 2, 4, 8, 16)
"""The pause after each conflict before a conditional write is sent again."""


def manifest(
    job: Job,
    source: Source,
    columns: Sequence[Column],
    counts: Counts,
    *,
    files: Sequence[Mapping[str, Any]],
    schema: Mapping[str, Any],
    script: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The run's manifest, from which its readers know what it consists of.

    With a script, its rows are counted from those of the script's data frame on.
    """
    transformed = job.folder("transformed")
    return {
        "version": MANIFEST_VERSION,
        "run": job.run,
        "attempt": job.attempt,
        "source": _versions(job, source),
        **({"script": dict(script)} if script else {}),
        **({"program": dict(job.program)} if job.program else {}),
        "columns": written_names(columns, job.label),
        "classes": _classes(job, columns, counts),
        "schema": dict(schema),
        "split": job.split.settings,
        "rows": counts.rows,
        "reasons": counts.shown_reasons,
        "taken": taken(columns),
        "channels": {name: f"{transformed}{name}/" for name in ("train", "validation")},
        "files": list(files),
    }


def _classes(job: Job, columns: Sequence[Column], counts: Counts) -> int | None:
    label = next(column for column in columns if column.name == job.label)
    return classes_of(label, counts.labels) if counts.labels else None


def described(script: Script, inputs: Mapping[str, SourceFile]) -> dict[str, Any]:
    """The script that made the rows, with all that it was given besides the source."""
    return {
        "file": script.file,
        "key": script.key,
        "arguments": dict(script.arguments),
        "inputs": {name: _version(file) for name, file in inputs.items()},
    }


def _version(file: SourceFile) -> dict[str, Any]:
    return {"key": file.key, "etag": file.etag, "version_id": file.version_id}


def _versions(job: Job, source: Source) -> dict[str, Any]:
    """The version that was read or, below a prefix, those of all objects."""
    versions = list(map(_version, source.files))
    if job.reads_prefix:
        return {"bucket": job.bucket, "key": job.source_key, "objects": versions}
    return {"bucket": job.bucket, **versions[0]}


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
