"""The clean-up at the end of an ML run: settle the rows of its data, and sum the run up.

Called synchronously with `run`, `training`, `outcome`, `training_job_name`, `model_artifact`,
`metrics` and `trained_with` (image, hyperparameters and code). The environment variable BUCKET_NAME
names the bucket, KEEP_TRAINING_DATA_DAYS the days that rows are kept. Returns the summary, which is
also written to `runs/<run>/summary.json`.

After a success the run's rows are deleted (0 days) or marked for S3 to delete. After a failure they
stay as they are, so that users can look for the reason. A run can be trained on again while it has
its rows: the summary is of the newest success, `trainings` lists them all, and a training that has
succeeded is never changed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from math import isfinite
from typing import Any

import boto3
from botocore.exceptions import ClientError
from run_rows import RUN_PATTERN, CleanupError, manifest_key, settle

SUMMARY_VERSION = 1

SUCCESS, FAILED = "success", "failed"


@dataclass(frozen=True, kw_only=True)
class Request:
    """A checked payload: run, training, outcome, and what the summary records.

    `training` is the run's own name, or of a later training the moment of its DAG run.
    """

    run: str
    training: str
    outcome: str
    training_job_name: str | None
    model_artifact: str | None
    metrics: Mapping[str, float]
    trained_with: Mapping[str, Any] | None

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
    keep_days = int(os.environ["KEEP_TRAINING_DATA_DAYS"])
    return clean_up(client(), os.environ["BUCKET_NAME"], parse(event), keep_days)


def parse(event: Mapping[str, Any]) -> Request:
    """Check the payload: nothing is deleted for a run that isn't named exactly."""
    run, outcome = _name(event, "run"), event.get("outcome")
    if outcome not in (SUCCESS, FAILED):
        raise CleanupError(f"outcome: expected {SUCCESS!r} or {FAILED!r}, got {outcome!r}.")
    metrics = event.get("metrics") or {}
    if not isinstance(metrics, Mapping) or not all(map(_is_number, metrics.values())):
        raise CleanupError(f"metrics: expected names with finite numbers, got {metrics!r}.")
    return Request(
        run=run,
        # Earlier versions of the DAG train once on a run.
        training=_name({"training": run, **event}, "training"),
        outcome=outcome,
        training_job_name=_string_or_null(event, "training_job_name"),
        model_artifact=_string_or_null(event, "model_artifact"),
        metrics=dict(metrics),
        trained_with=_mapping_or_null(event, "trained_with"),
    )


def _name(event: Mapping[str, Any], name: str) -> str:
    value = event.get(name)
    if not isinstance(value, str) or not RUN_PATTERN.fullmatch(value):
        raise CleanupError(f"{name}: expected a time like 20261122T123336123456, got {value!r}.")
    return value


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


def clean_up(s3: Any, bucket: str, request: Request, keep_days: int) -> dict[str, Any]:
    """Clean up after the training unless that was done already; returns the run's summary."""
    earlier = read_json(s3, bucket, request.summary_key) or {}
    trainings = trainings_of(earlier)
    if request.training in (each["training"] for each in trainings if each["outcome"] == SUCCESS):
        return earlier
    manifest = read_json(s3, bucket, manifest_key(request.run)) or {}
    settled: dict[str, Any] = {"deleted_versions": 0, "rows_kept_until": None}
    if request.outcome == SUCCESS:
        if not manifest:
            raise CleanupError(
                f"There is no manifest s3://{bucket}/{manifest_key(request.run)}: a run without "
                "data can't have succeeded, so nothing was deleted."
            )
        settled = settle(s3, bucket, request.run, manifest, keep_days)
    others = [each for each in trainings if each["training"] != request.training]
    summary = {
        **(_newest_success(earlier, request) or summarise(request, manifest, settled)),
        "trainings": [*others, _training(request)],
    }
    s3.put_object(
        Bucket=bucket,
        Key=request.summary_key,
        Body=json.dumps(summary, indent=1).encode(),
        ContentType="application/json",
    )
    return summary


def _newest_success(earlier: Mapping[str, Any], request: Request) -> Mapping[str, Any] | None:
    """The run's summary as it was, where a failure follows a success: that hides no model."""
    is_of_success = request.outcome == FAILED and earlier.get("outcome") == SUCCESS
    return earlier if is_of_success else None


def trainings_of(summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The trainings that a summary lists, the newest last; earlier versions wrote of one alone."""
    if not summary or "trainings" in summary:
        return list(summary.get("trainings", []))
    names = ("outcome", "training_job_name", "model_artifact", "metrics", "trained_with")
    return [{"training": summary["run"], **{name: summary.get(name) for name in names}}]


def _training(request: Request) -> dict[str, Any]:
    return {
        "training": request.training,
        "ended": datetime.now(UTC).isoformat(timespec="seconds"),
        **_result(request),
    }


def _result(request: Request) -> dict[str, Any]:
    return {
        "outcome": request.outcome,
        "training_job_name": request.training_job_name,
        "model_artifact": request.model_artifact,
        "metrics": dict(request.metrics),
        "trained_with": request.trained_with,
    }


def summarise(
    request: Request, manifest: Mapping[str, Any], settled: Mapping[str, Any]
) -> dict[str, Any]:
    """The run's summary; `rows` and `source` are null where there is no manifest.

    `sources` names the manifest of each source, where there are several. `script` and `program`
    are what made the rows: a team's own script, and the version and code of the Glue job.
    """
    several = {"sources": manifest["sources"]} if "sources" in manifest else {}
    return {
        "version": SUMMARY_VERSION,
        "run": request.run,
        **_result(request),
        "rows": manifest.get("rows"),
        "source": manifest.get("source") or None,
        **several,
        "script": manifest.get("script"),
        "program": manifest.get("program"),
        "schema": (manifest.get("schema") or {}).get("key"),
        **settled,
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
