"""The results of the runs: rows, models and metrics, read from S3 and kept when AWS is gone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from dags.cross_account.run import manifest_key, summary_key
from local.run.accounts import Accounts
from local.run.errors import RunError
from local.run.following import Flow
from local.run.plan import DataPipeline, MlPipeline, Plan
from local.run.states import DagRun

_NOT_THERE = {"NoSuchKey", "404", "NotFound"}


@dataclass(frozen=True, kw_only=True)
class Model:
    """A trained model: where it is in S3, its copy on this machine, and how good it is."""

    pipeline: str
    bucket: str
    key: str
    file: Path
    metrics: dict[str, float]


@dataclass(frozen=True, kw_only=True)
class Results:
    """Row counts by data pipeline, as the manifests give them, and the models."""

    rows: dict[str, dict[str, int]]
    models: tuple[Model, ...]


def collect(plan: Plan, flow: Flow, accounts: Accounts, directory: Path) -> Results:
    """Read everything that the successful runs left, and copy the models into `directory`.

    Raises RunError for a run that succeeded without leaving what it should have left.
    """
    rows, models = {}, []
    for data in plan.data_pipelines:
        run = flow.data_runs[data.name]
        if run.state == "success":
            rows[data.name] = _rows(data, run, accounts)
    for ml in plan.ml_pipelines:
        models += [
            _model(ml, ml_run, accounts, directory)
            for ml_run in flow.trainings(ml.name)
            if ml_run.state == "success"
        ]
    return Results(rows=rows, models=tuple(models))


def job_failures(plan: Plan, accounts: Accounts) -> tuple[str, ...]:
    """Why training jobs failed: Airflow's own logs only say that they did."""
    sentences = []
    for ml in plan.ml_pipelines:
        sagemaker = accounts.client(
            "sagemaker", ml.account_region.account_id, ml.account_region.region
        )
        pages = sagemaker.get_paginator("list_training_jobs").paginate(StatusEquals="Failed")
        failed = [job["TrainingJobName"] for page in pages for job in page["TrainingJobSummaries"]]
        for name in sorted(failed):
            job = sagemaker.describe_training_job(TrainingJobName=name)
            sentences.append(f"training job {name} failed: {job.get('FailureReason')}")
    return tuple(sentences)


def _rows(data: DataPipeline, run: DagRun, accounts: Accounts) -> dict[str, int]:
    s3 = accounts.client("s3", data.account_region.account_id, data.account_region.region)
    manifest = _read(s3, data.bucket, manifest_key(run.run))
    counts: dict[str, int] = json.loads(manifest)["rows"]
    return counts


def _model(ml: MlPipeline, run: DagRun, accounts: Accounts, directory: Path) -> Model:
    s3 = accounts.client("s3", ml.account_region.account_id, ml.account_region.region)
    summary = json.loads(_read(s3, ml.bucket, summary_key(run.run)))
    artifact = str(summary["model_artifact"])
    bucket, _, key = artifact.removeprefix("s3://").partition("/")
    content = _read(s3, bucket, key)
    if not content:
        raise RunError(f"the model {artifact} is empty, though {run.dag_id} succeeded")
    file = directory / ml.name / "model.tar.gz"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return Model(pipeline=ml.name, bucket=bucket, key=key, file=file, metrics=summary["metrics"])


def _read(s3: Any, bucket: str, key: str) -> bytes:
    try:
        content: bytes = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code not in _NOT_THERE:
            raise
        raise RunError(f"there is no s3://{bucket}/{key}, though its DAG run succeeded") from error
    return content
