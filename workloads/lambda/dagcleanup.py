"""The clean-up at the end of an ML run: delete the run's data copies, keep a summary.

Called synchronously with `run`, `outcome`, `training_job_name`, `model_artifact`, `metrics` and
`trained_with` (image, hyperparameters and code). The environment variable BUCKET_NAME names the
bucket. Returns the summary, which is also written to `runs/<run>/summary.json`.

After a success every version of every object below `transformed/run=<run>/` is deleted, except
those of the manifest and of the schema that it names: a delete marker would keep the data, and its
cost. After a failure the data stays, so that users can look for the reason. A run that has
succeeded is never changed again. The manifest of a training on several sources lists in
`superseded` the folders of their replicas that no later training takes: they are deleted, too.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache
from itertools import islice
from math import isfinite
from typing import Any

import boto3
from botocore.exceptions import ClientError

SUMMARY_VERSION = 1
RUN_PATTERN = re.compile(r"[0-9]{8}T[0-9]{12}")
FOLDER_PATTERN = re.compile(rf"transformed/run={RUN_PATTERN.pattern}/[^/]+/")
"""The folder of one source's run, with the closing slash that keeps others out."""

DELETE_LIMIT = 1000
"""Versions that one DeleteObjects may name (S3's limit)."""

SUCCESS, FAILED = "success", "failed"


class CleanupError(Exception):
    """An invalid payload, or a deletion that S3 completed only in part."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """A checked payload: run, outcome, and what the summary records."""

    run: str
    outcome: str
    training_job_name: str | None
    model_artifact: str | None
    metrics: Mapping[str, float]
    trained_with: Mapping[str, Any] | None

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
    """The S3 client, created at the first invocation and reused."""
    return boto3.client("s3")


def handler(event: Mapping[str, Any], _: object) -> dict[str, Any]:
    """Lambda's entry point. An exception fails the invocation, and with it the DAG's task."""
    return clean_up(client(), os.environ["BUCKET_NAME"], parse(event))


def parse(event: Mapping[str, Any]) -> Request:
    """Check the payload: nothing is deleted for a run that isn't named exactly."""
    run, outcome = event.get("run"), event.get("outcome")
    if not isinstance(run, str) or not RUN_PATTERN.fullmatch(run):
        raise CleanupError(f"run: expected a time like 20261122T123336123456, got {run!r}.")
    if outcome not in (SUCCESS, FAILED):
        raise CleanupError(f"outcome: expected {SUCCESS!r} or {FAILED!r}, got {outcome!r}.")
    metrics = event.get("metrics") or {}
    if not isinstance(metrics, Mapping) or not all(map(_is_number, metrics.values())):
        raise CleanupError(f"metrics: expected names with finite numbers, got {metrics!r}.")
    return Request(
        run=run,
        outcome=outcome,
        training_job_name=_string_or_null(event, "training_job_name"),
        model_artifact=_string_or_null(event, "model_artifact"),
        metrics=dict(metrics),
        trained_with=_mapping_or_null(event, "trained_with"),
    )


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value)


def _string_or_null(event: Mapping[str, Any], name: str) -> str | None:
    value = event.get(name)
    if value is not None and not isinstance(value, str):
        raise CleanupError(f"{name}: expected a string or null, got {value!r}.")
    return value


def _mapping_or_null(event: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    value = event.get(name)
    if value is not None and not isinstance(value, Mapping):
        raise CleanupError(f"{name}: expected an object or null, got {value!r}.")
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
        for folder in [request.folder, *superseded(manifest)]:
            deleted += delete_versions(s3, bucket, folder, kept(request, manifest))
    summary = summarise(request, manifest, deleted)
    s3.put_object(
        Bucket=bucket,
        Key=request.summary_key,
        Body=json.dumps(summary, indent=1).encode(),
        ContentType="application/json",
    )
    return summary


def summarise(request: Request, manifest: Mapping[str, Any], deleted: int) -> dict[str, Any]:
    """The run's summary; `rows` and `source` are null where there is no manifest.

    `sources` names the manifest of each source, where there are several.
    """
    several = {"sources": manifest["sources"]} if "sources" in manifest else {}
    return {
        "version": SUMMARY_VERSION,
        "run": request.run,
        "outcome": request.outcome,
        "training_job_name": request.training_job_name,
        "model_artifact": request.model_artifact,
        "metrics": dict(request.metrics),
        "trained_with": request.trained_with,
        "rows": manifest.get("rows"),
        "source": manifest.get("source") or None,
        **several,
        "schema": (manifest.get("schema") or {}).get("key"),
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


def kept(request: Request, manifest: Mapping[str, Any]) -> set[str]:
    """The keys of what outlives the data: the manifest, and the schema, which models need."""
    return {request.manifest_key, (manifest.get("schema") or {}).get("key", request.manifest_key)}


def superseded(manifest: Mapping[str, Any]) -> list[str]:
    """The folders of sources' replicas that the training was the last one to take."""
    folders = manifest.get("superseded", [])
    for folder in folders:
        if not isinstance(folder, str) or not FOLDER_PATTERN.fullmatch(folder):
            raise CleanupError(
                f"superseded: expected a folder like transformed/run=<run>/<attempt>/, got "
                f"{folder!r}, so nothing was deleted."
            )
    return list(folders)


def data_versions(s3: Any, bucket: str, folder: str, but: Set[str]) -> Iterator[dict[str, str]]:
    """Every version and delete marker of the folder's objects, `but` for those keys."""
    pages = s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=folder)
    for page in pages:
        for found in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
            if found["Key"] not in but:
                yield {"Key": found["Key"], "VersionId": found["VersionId"]}


def delete_versions(s3: Any, bucket: str, folder: str, but: Set[str]) -> int:
    """Delete every version of the folder's data; returns how many. Fails if any is left."""
    # Listed completely before the first is deleted: pages of a changing listing may skip some.
    versions = iter(list(data_versions(s3, bucket, folder, but)))
    deleted = 0
    while batch := list(islice(versions, DELETE_LIMIT)):
        answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": batch, "Quiet": True})
        if errors := answer.get("Errors", []):
            first = errors[0]
            raise CleanupError(
                f"{len(errors)} versions below s3://{bucket}/{folder} could not be "
                f"deleted; the first is {first.get('Key')} ({first.get('Code')}): call again."
            )
        deleted += len(batch)
    return deleted
