"""Reading what the runs left, against an S3 in memory."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from local.run.accounts import Accounts
from local.run.errors import RunError
from local.run.following import Flow
from local.run.results import collect, job_failures
from tests.local.run.fake_airflow import DATA, ML, PLAN, RUN, dag_run

MODEL_KEY = f"models/run={RUN}/job/output/model.tar.gz"
MANIFEST = ("data", f"transformed/run={RUN}/_manifest.json")
SUMMARY = ("ml", f"runs/{RUN}/summary.json")


class FakeAws:
    """S3 and SageMaker of every account, as `Accounts` gives them."""

    def __init__(self, objects: dict[tuple[str, str], bytes]) -> None:
        self.objects = objects
        self.jobs: dict[str, str] = {}

    def client(self, *_: str) -> FakeAws:
        return self

    def get_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803
        if (Bucket, Key) not in self.objects:
            raise ClientError({"Error": {"Code": "NoSuchKey"}}, "GetObject")
        return {"Body": io.BytesIO(self.objects[Bucket, Key])}

    def get_paginator(self, operation: str) -> FakeAws:
        assert operation == "list_training_jobs"
        return self

    def paginate(self, *, StatusEquals: str) -> list[dict[str, Any]]:  # noqa: N803
        """A page for each job."""
        assert StatusEquals == "Failed"
        return [{"TrainingJobSummaries": [{"TrainingJobName": name}]} for name in self.jobs]

    def describe_training_job(self, *, TrainingJobName: str) -> dict[str, Any]:  # noqa: N803
        return {"FailureReason": self.jobs[TrainingJobName]}


def objects() -> dict[tuple[str, str], bytes]:
    summary = {"model_artifact": f"s3://ml/{MODEL_KEY}", "metrics": {"auc": 0.9}}
    return {
        MANIFEST: json.dumps({"rows": {"input": 3}}).encode(),
        SUMMARY: json.dumps(summary).encode(),
        ("ml", MODEL_KEY): b"model",
    }


def flow(data: str = "success", ml: str = "success") -> Flow:
    return Flow(
        data_runs={"east1": dag_run(DATA.dag_id, "manual", data)},
        ml_runs={("west2", "east1"): dag_run(ML.dag_id, "run", ml)},
        tasks=(),
    )


def test_rows_models_and_metrics(tmp_path: Path) -> None:
    accounts = cast("Accounts", FakeAws(objects()))

    results = collect(PLAN, flow(), accounts, tmp_path)

    assert results.rows == {"east1": {"input": 3}}
    (model,) = results.models
    assert (model.pipeline, model.bucket, model.key) == ("west2", "ml", MODEL_KEY)
    assert model.metrics == {"auc": 0.9}
    assert model.file.read_bytes() == b"model"


def test_failed_runs_left_nothing_to_read(tmp_path: Path) -> None:
    results = collect(PLAN, flow("failed", "failed"), cast("Accounts", FakeAws({})), tmp_path)

    assert (results.rows, results.models) == ({}, ())


@pytest.mark.parametrize(("bucket", "key"), [MANIFEST, SUMMARY, ("ml", MODEL_KEY)])
def test_a_success_that_left_nothing_is_no_success(tmp_path: Path, bucket: str, key: str) -> None:
    there = objects()
    del there[bucket, key]

    with pytest.raises(RunError, match=f"there is no s3://{bucket}/{key}"):
        collect(PLAN, flow(), cast("Accounts", FakeAws(there)), tmp_path)


def test_an_empty_model_is_none(tmp_path: Path) -> None:
    there = {**objects(), ("ml", MODEL_KEY): b""}

    with pytest.raises(RunError, match="is empty"):
        collect(PLAN, flow(), cast("Accounts", FakeAws(there)), tmp_path)


def test_why_training_jobs_failed() -> None:
    aws = FakeAws({})
    aws.jobs = {"b": "late", "a": "early"}

    assert job_failures(PLAN, cast("Accounts", aws)) == (
        "training job a failed: early",
        "training job b failed: late",
    )
