"""The clean-up at the end of an ML run: delete the run's data copies, keep a summary.

Called synchronously with `run`, `outcome`, `training_job_name`, `model_artifact` and `metrics`. The
environment variable BUCKET_NAME names the bucket. Returns the summary, which is also written to
`runs/<run>/summary.json`.

After a success every version of every object below `transformed/run=<run>/` is deleted, except
those of the manifest: a delete marker would keep the data, and the bill. After a failure the data
stay, for whoever looks for the reason. A run that once succeeded is never touched again.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from math import isfinite
from typing import Any

import boto3
from botocore.exceptions import ClientError

SUMMARY_VERSION = 1
RUN_PATTERN = re.compile(r"[0-9]{8}T[0-9]{12}")
DELETE_LIMIT = 1000
"""Versions that one DeleteObjects may name (S3's limit)."""

SUCCESS, FAILED = "success", "failed"


class CleanupError(Exception):
    """A request that can't be fulfilled, or one that S3 fulfilled only in part."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """A checked request: what to do for which run, and what to remember of it."""

    run: str
    outcome: str
    training_job_name: str | None
    model_artifact: str | None
    metrics: Mapping[str, float]

    @property
    def folder(self) -> str:
        """The run's data, with the closing slash that keeps other runs out."""
        return f"transformed/run={self.run}/"

    @property
    def manifest_key(self) -> str:
        """The key of the manifest, which outlives the data."""
        return f"{self.folder}_manifest.json"

    @property
    def summary_key(self) -> str:
        """The key of the run's summary."""
        return f"runs/{self.run}/summary.json"


@cache
def client() -> Any:
    """The S3 client, made at the first call and kept for the next ones."""
    return boto3.client("s3")


def handler(event: Mapping[str, Any], _: object) -> dict[str, Any]:
    """Lambda's entry point. Whatever it raises fails the call, and with it the DAG's task."""
    return clean_up(client(), os.environ["BUCKET_NAME"], parse(event))


def parse(event: Mapping[str, Any]) -> Request:
    """Check the payload: nothing is deleted for a run that isn't named exactly."""
    run, outcome = event.get("run"), event.get("outcome")
    if not isinstance(run, str) or not RUN_PATTERN.fullmatch(run):
        raise CleanupError(f"run {run!r} is not allowed: a time like 20261122T123336123456.")
    if outcome not in (SUCCESS, FAILED):
        raise CleanupError(f"outcome {outcome!r} is not allowed: {SUCCESS!r} or {FAILED!r}.")
    metrics = event.get("metrics") or {}
    if not isinstance(metrics, Mapping) or not all(map(_is_number, metrics.values())):
        raise CleanupError(f"metrics {metrics!r} are not allowed: names with finite numbers.")
    return Request(
        run=run,
        outcome=outcome,
        training_job_name=_text(event, "training_job_name"),
        model_artifact=_text(event, "model_artifact"),
        metrics=dict(metrics),
    )


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value)


def _text(event: Mapping[str, Any], name: str) -> str | None:
    value = event.get(name)
    if value is not None and not isinstance(value, str):
        raise CleanupError(f"{name} {value!r} is not allowed: text or null.")
    return value


def clean_up(s3: Any, bucket: str, request: Request) -> dict[str, Any]:
    """Clean up after the run unless that was done already; returns the summary."""
    earlier = read_json(s3, bucket, request.summary_key)
    if earlier and earlier["outcome"] == SUCCESS:
        return earlier
    manifest = read_json(s3, bucket, request.manifest_key) or {}
    deleted = 0
    if request.outcome == SUCCESS:
        if not manifest:
            raise CleanupError(
                f"There is no manifest s3://{bucket}/{request.manifest_key}: a run without data "
                "can't have succeeded, so nothing was deleted."
            )
        deleted = delete_versions(s3, bucket, request)
    summary = summarise(request, manifest, deleted)
    s3.put_object(
        Bucket=bucket,
        Key=request.summary_key,
        Body=json.dumps(summary, indent=1).encode(),
        ContentType="application/json",
    )
    return summary


def summarise(request: Request, manifest: Mapping[str, Any], deleted: int) -> dict[str, Any]:
    """What is remembered of the run; the manifest's part is null where there is no manifest."""
    return {
        "version": SUMMARY_VERSION,
        "run": request.run,
        "outcome": request.outcome,
        "training_job_name": request.training_job_name,
        "model_artifact": request.model_artifact,
        "metrics": dict(request.metrics),
        "rows": manifest.get("rows"),
        "source": manifest.get("source"),
        "deleted_versions": deleted,
    }


def read_json(s3: Any, bucket: str, key: str) -> dict[str, Any] | None:
    """The object's content, or null if there is no such object."""
    try:
        found = s3.get_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchKey":
            return None
        raise
    content: dict[str, Any] = json.loads(found["Body"].read())
    return content


def data_versions(s3: Any, bucket: str, request: Request) -> Iterator[dict[str, str]]:
    """Every version and delete marker of the run's objects, but for the manifest's."""
    pages = s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=request.folder)
    for page in pages:
        for found in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
            if found["Key"] != request.manifest_key:
                yield {"Key": found["Key"], "VersionId": found["VersionId"]}


def delete_versions(s3: Any, bucket: str, request: Request) -> int:
    """Delete the run's data for good; returns how many versions. Fails if any is left."""
    # Listed whole before the first is deleted: pages of a changing listing may skip some.
    versions = iter(list(data_versions(s3, bucket, request)))
    deleted = 0
    while batch := list(islice(versions, DELETE_LIMIT)):
        answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": batch, "Quiet": True})
        if errors := answer.get("Errors", []):
            first = errors[0]
            raise CleanupError(
                f"{len(errors)} versions below s3://{bucket}/{request.folder} could not be "
                f"deleted, the first is {first.get('Key')} ({first.get('Code')}): call again."
            )
        deleted += len(batch)
    return deleted
