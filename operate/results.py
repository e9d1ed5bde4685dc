"""What a run left in the pipelines' buckets: manifest, rejected rows, summary."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from components.pipeline.object_keys import REJECTED, RUNS
from dags.cross_account.run import manifest_key, sources_key, summary_key
from operate.connection import Connection
from operate.outputs import DataPipeline, MlPipeline
from workloads.glue.errors import BETWEEN_REASONS

_READ = 10_000
"""Rejected rows that are read for examples and, of a run without a manifest, for the reasons."""

_EXAMPLE = 160
"""Characters of a rejected row that are shown."""


@dataclass(frozen=True, kw_only=True)
class Document:
    """A JSON object in S3, and when it was written."""

    content: dict[str, Any]
    written: datetime


def manifest(connection: Connection, pipeline: DataPipeline, run: str) -> Document | None:
    """The run's manifest, once the Glue job has written it."""
    s3 = connection.in_pipeline("s3", pipeline)
    return _document(s3, pipeline.source_bucket_name, manifest_key(run))


def summary(connection: Connection, pipeline: MlPipeline, run: str) -> dict[str, Any] | None:
    """What the clean-up wrote about the run's training, once it has."""
    s3 = connection.in_pipeline("s3", pipeline)
    found = _document(s3, pipeline.destination_bucket_name, summary_key(run))
    return None if found is None else found.content


def trainings_on(
    connection: Connection, pipeline: MlPipeline, source: str, run: str
) -> Iterator[str]:
    """The trainings of an ML pipeline with several sources that take a run of one of them.

    Their names are times, like those of runs, and none is earlier than what it takes.
    """
    s3, bucket = connection.in_pipeline("s3", pipeline), pipeline.destination_bucket_name
    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket=bucket, Prefix=RUNS, StartAfter=f"{RUNS}{run}"
    )
    for page in pages:
        for row in page.get("Contents", []):
            key, training = row["Key"], row["Key"].split("/")[1]
            if key == sources_key(training):
                chosen = json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
                if chosen["manifests"].get(source, {}).get("run") == run:
                    yield training


def has_data(connection: Connection, pipeline: MlPipeline, run: str) -> bool:
    """Whether an ML pipeline has had the data of a run: their manifest outlives them."""
    s3 = connection.in_pipeline("s3", pipeline)
    return _document(s3, pipeline.destination_bucket_name, manifest_key(run)) is not None


def rejected_location(pipeline: DataPipeline, run: str) -> str:
    """Where the run's rejected rows are."""
    return f"s3://{pipeline.source_bucket_name}/{REJECTED}run={run}/"


def rejected_rows(
    connection: Connection, pipeline: DataPipeline, run: str, attempt: str | None
) -> list[dict[str, Any]]:
    """The first rejected rows of the run: of the attempt that published it, or of any."""
    s3 = connection.in_pipeline("s3", pipeline)
    bucket, prefix = pipeline.source_bucket_name, f"{REJECTED}run={run}/"
    prefix += f"{attempt}/" if attempt else ""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    keys = [row["Key"] for page in pages for row in page.get("Contents", [])]
    rows = (
        row for key in keys for row in s3.get_object(Bucket=bucket, Key=key)["Body"].iter_lines()
    )
    return [json.loads(row) for row in islice(rows, _READ)]


def rejection_reasons(rows: list[dict[str, Any]]) -> dict[str, int]:
    """How many of the rows have each reason, the most frequent first; a row may have several."""
    reasons = (reason for row in rows for reason in row["reason"].split(BETWEEN_REASONS))
    return dict(Counter(reasons).most_common())


def has_reason(row: Mapping[str, Any], reason: str) -> bool:
    """Whether a rejected row has this reason, alone or among others."""
    return (
        f"{BETWEEN_REASONS}{reason}{BETWEEN_REASONS}"
        in f"{BETWEEN_REASONS}{row['reason']}{BETWEEN_REASONS}"
    )


def rejection_examples(
    rows: Sequence[Mapping[str, Any]], reasons: Iterable[str]
) -> dict[str, dict[str, Any]]:
    """The first row of each reason: its place, and the begin of what it says."""
    found = {
        reason: next((row for row in rows if has_reason(row, reason)), None) for reason in reasons
    }
    return {reason: _example(row) for reason, row in found.items() if row is not None}


def _example(row: Mapping[str, Any]) -> dict[str, Any]:
    text = row.get("text") or ",".join(cell or "" for cell in row.get("cells", []))
    shown = text if len(text) <= _EXAMPLE else f"{text[:_EXAMPLE]}…"
    return {"file": row.get("file"), "record": row["record"], "text": shown}


def _document(s3: Any, bucket: str, key: str) -> Document | None:
    """A JSON object, if it is there: without s3:ListBucket on the key, S3 denies a missing one."""
    listed = s3.list_objects_v2(Bucket=bucket, Prefix=key, MaxKeys=1).get("Contents", [])
    if not listed or listed[0]["Key"] != key:
        return None
    content = json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    return Document(content=content, written=listed[0]["LastModified"])
