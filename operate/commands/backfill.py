"""`backfill`: a run for each object that is there, as its upload would have started it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from components.pipeline.object_keys import VERIFICATION
from operate.connection import Connection, connect
from operate.errors import UsageError
from operate.options import JsonOption, LocalOption, OutputsOption, PipelineOption, StackOption
from operate.output import console, document, line
from operate.outputs import DataPipeline
from operate.uploaded import Upload

_RAW = "raw/"


def backfill(
    *,
    pipeline: PipelineOption,
    keys: Annotated[
        str | None,
        typer.Option(help="A pattern below raw/, with * for anything; else on_upload's."),
    ] = None,
    stack: StackOption = None,
    outputs: OutputsOption = None,
    local: LocalOption = False,
    as_json: JsonOption = False,
) -> None:
    """Start a run for each object's current version, but for those that have one.

    The runs have the ids that uploads give them: what ran already doesn't run again.
    """
    connection = connect(stack, outputs, local=local)
    data, dag_id = connection.stack.data_pipeline(pipeline), connection.dag_id(pipeline)
    pattern = _pattern(keys or data.on_upload)
    # With --json the document is all that goes to the standard output.
    progress = console(stderr=as_json)
    done: dict[str, list[str]] = {"started": [], "already_there": []}
    for upload in _uploads(connection, data, dag_id, pattern):
        started = connection.airflow.start_once(dag_id, upload.dag_run)
        done["started" if started else "already_there"].append(upload.key)
        line(progress, f"{upload.key}: {'started' if started else 'there already'}")
    if as_json:
        document(done)
    else:
        line(progress, ", ".join(f"{what.replace('_', ' ')}: {len(k)}" for what, k in done.items()))


def _pattern(keys: str | None) -> re.Pattern[str]:
    """Any characters for each `*`, as EventBridge understands it in `start.on_upload`."""
    if keys is None:
        raise UsageError("uploads start no runs of this pipeline: say which objects with --keys")
    if not keys.startswith(_RAW):
        raise UsageError(f"--keys {keys!r}: expected a pattern that begins with {_RAW}")
    return re.compile(re.escape(keys).replace(r"\*", ".*"), re.DOTALL)


def _uploads(
    connection: Connection, data: DataPipeline, dag_id: str, pattern: re.Pattern[str]
) -> Iterator[Any]:
    """The current version of every object whose key matches, in the order of the keys."""
    s3 = connection.in_pipeline("s3", data)
    pages = s3.get_paginator("list_object_versions").paginate(
        Bucket=data.source_bucket_name, Prefix=_RAW
    )
    for page in pages:
        for found in page.get("Versions", []):
            upload = Upload(
                dag_id=dag_id,
                bucket=data.source_bucket_name,
                key=found["Key"],
                version_id=found["VersionId"],
            )
            is_of_a_user = not (upload.is_folder or upload.key.startswith(VERIFICATION))
            if found["IsLatest"] and pattern.fullmatch(upload.key) and is_of_a_user:
                yield upload
