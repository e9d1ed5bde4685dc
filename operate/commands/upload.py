"""`upload`: a raw file to where its data pipeline looks for it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from dags.cross_account.raw_key import raw_key_at
from operate.connection import connect
from operate.errors import UsageError
from operate.options import JsonOption, LocalOption, OutputsOption, PipelineOption, StackOption
from operate.output import console, document, line


def upload(
    file: Annotated[Path, typer.Argument(help="A raw file.")],
    *,
    pipeline: PipelineOption,
    stack: StackOption = None,
    outputs: OutputsOption = None,
    local: LocalOption = False,
    as_json: JsonOption = False,
) -> None:
    """Upload a file to the raw key that a run started now would read."""
    if not file.is_file():
        raise UsageError(f"{file} isn't a file: name the file to upload")
    connection = connect(stack, outputs, local=local)
    data = connection.stack.data_pipeline(pipeline)
    key = raw_key_at(datetime.now(UTC), data.raw_key, data.timezone)
    if key.endswith("/"):
        key += file.name
    connection.in_pipeline("s3", data).upload_file(str(file), data.source_bucket_name, key)
    found = {"bucket": data.source_bucket_name, "key": key, "bytes": file.stat().st_size}
    if as_json:
        document(found)
    else:
        line(console(), f"{file}: {found['bytes']} bytes, s3://{found['bucket']}/{key}")
