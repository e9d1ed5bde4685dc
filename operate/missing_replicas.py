"""Which files of a run haven't arrived in the buckets of the ML pipelines that train on it."""

from __future__ import annotations

from dags.cross_account.run import manifest_key, run_prefix
from operate.connection import Connection
from operate.errors import UsageError
from operate.outputs import DataPipeline, MlPipeline
from operate.results import manifest, summary, trainings_on


def files_of(connection: Connection, data: DataPipeline, run: str) -> list[str]:
    """The keys that a complete run has published, its manifest among them."""
    found = manifest(connection, data, run)
    if found is None:
        raise UsageError(
            f"s3://{data.source_bucket_name} has no manifest of a run {run!r}: it isn't complete, "
            f"or its output has expired; {connection.command('status')} shows the last runs"
        )
    content = found.content
    files = [*content["files"], *([content["schema"]] if content.get("schema") else [])]
    return [*(file["key"] for file in files), manifest_key(run)]


def missing_replicas(
    connection: Connection, pipeline: str, run: str, keys: list[str]
) -> dict[str, list[str]]:
    """The keys that are missing, by ML pipeline; not for one that has trained on the run.

    Its clean-up may have deleted them.
    """
    return {
        name: missing
        for name, ml in connection.stack.ml_pipelines_of(pipeline).items()
        if not _has_trained(connection, ml, pipeline, run)
        and (missing := _missing(connection, ml, run, keys))
    }


def _has_trained(connection: Connection, ml: MlPipeline, source: str, run: str) -> bool:
    trainings = trainings_on(connection, ml, source, run) if ml.sources else [run]
    summaries = [summary(connection, ml, training) for training in trainings]
    return any(found is not None and found["outcome"] == "success" for found in summaries)


def _missing(connection: Connection, ml: MlPipeline, run: str, keys: list[str]) -> list[str]:
    pages = connection.in_pipeline("s3", ml).get_paginator("list_objects_v2")
    found = pages.paginate(Bucket=ml.destination_bucket_name, Prefix=run_prefix(run))
    there = {row["Key"] for page in found for row in page.get("Contents", [])}
    return [key for key in keys if key not in there]
