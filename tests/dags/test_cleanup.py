from __future__ import annotations

import json
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from cross_account.cleanup import cleanup_payload, payload

from tests.dags.example_data import RUN

TRAINING: dict[str, Any] = {
    "Training": {
        "TrainingJobName": f"prefix-{RUN}-2",
        "OutputDataConfig": {"S3OutputPath": f"s3://bucket/models/run={RUN}/"},
        "ModelArtifacts": {"S3ModelArtifacts": "s3://bucket/models/model.tar.gz"},
        "FinalMetricDataList": [{"MetricName": "train:logloss", "Value": 0.5}],
        "AlgorithmSpecification": {"TrainingImage": "image:1"},
        "HyperParameters": {"eta": "0.2"},
        "InputDataConfig": [
            {"ChannelName": name, "DataSource": {"S3DataSource": {"S3Uri": f"s3://b/{name}"}}}
            for name in ("train", "code")
        ],
    }
}

AGAIN = "20261201T000000000000"
"""The moment of a DAG run that trains again."""

FAILED: dict[str, Any] = {
    "run": RUN,
    "training": RUN,
    "outcome": "failed",
    "training_job_name": None,
    "model_artifact": None,
    "metrics": {},
    "trained_with": None,
}


class TaskInstance:
    """The part of a running task instance from which the payload is made."""

    dag_id, run_id = "dag", "dag run"

    def __init__(
        self,
        state: str | None,
        training: dict[str, Any] | None,
        prepared: str | None = "upstream_failed",
        prepared_run: str = RUN,
    ) -> None:
        self.states = {"prepare_training": prepared, "train": state}
        request = {
            "TrainingJobName": f"prefix-{prepared_run}",
            "OutputDataConfig": {"S3OutputPath": f"s3://bucket/models/run={prepared_run}/"},
        }
        self.results = {"train": training, "prepare_training": request, "choose_run": RUN}

    def get_task_states(
        self, *, dag_id: str, task_ids: list[str], run_ids: list[str]
    ) -> dict[str, dict[str, str]]:
        """As Airflow tells them: nothing of a task without a state, or of a run without any."""
        known = {task_id: state for task_id in task_ids if (state := self.states[task_id])}
        return {self.run_id: known} if known and (dag_id, run_ids) == ("dag", ["dag run"]) else {}

    def xcom_pull(self, task_ids: str) -> Any:
        return self.results[task_ids]


def cleaned(ti: TaskInstance) -> str:
    return cleanup_payload(ti, SimpleNamespace(run_id=RUN))


def test_a_success() -> None:
    assert payload(RUN, TRAINING, AGAIN) == {
        "run": RUN,
        "training": AGAIN,
        "outcome": "success",
        "training_job_name": f"prefix-{RUN}-2",
        "model_artifact": "s3://bucket/models/model.tar.gz",
        "metrics": {"train:logloss": 0.5},
        "trained_with": {
            "image": "image:1",
            "hyperparameters": {"eta": "0.2"},
            "code": "s3://b/code",
        },
    }


def test_a_failure() -> None:
    assert payload(RUN, None, RUN) == FAILED


def test_a_job_without_metrics() -> None:
    job = {**TRAINING["Training"], "FinalMetricDataList": []}
    assert payload(RUN, {"Training": job}, RUN)["metrics"] == {}


def test_another_runs_model_cleans_nothing() -> None:
    with pytest.raises(ValueError, match=f"prefix-{RUN}-2"):
        payload("20200101T000000000000", TRAINING, RUN)


@pytest.mark.parametrize(
    ("state", "training", "outcome"),
    [
        ("success", TRAINING, "success"),
        ("failed", TRAINING, "failed"),
        ("success", None, "failed"),
        ("upstream_failed", None, "failed"),
        (None, None, "failed"),
    ],
)
def test_the_outcome_needs_the_state_and_the_job(
    state: str | None, training: dict[str, Any] | None, outcome: str
) -> None:
    assert json.loads(cleaned(TaskInstance(state, training)))["outcome"] == outcome


@pytest.mark.parametrize(("state", "training"), [("success", TRAINING), ("failed", None)])
def test_what_was_prepared_for_another_run_cleans_nothing(
    state: str, training: dict[str, Any] | None
) -> None:
    other = "20200101T000000000000"
    with pytest.raises(ValueError, match=f"prefix-{other}"):
        cleaned(TaskInstance(state, training, "success", other))


def test_tasks_that_never_began_have_no_state() -> None:
    assert json.loads(cleaned(TaskInstance(None, None, prepared=None))) == FAILED


def test_what_an_earlier_attempt_prepared_counts_no_more() -> None:
    ti = TaskInstance("upstream_failed", None, "upstream_failed", "20200101T000000000000")
    assert json.loads(cleaned(ti))["outcome"] == "failed"


def test_a_dag_run_that_trains_again_tells_its_moment() -> None:
    again = SimpleNamespace(
        run_id="manual__2026-12-01T00:00:00+00:00",
        run_type="manual",
        logical_date=None,
        run_after=datetime(2026, 12, 1, tzinfo=UTC),
    )
    found = json.loads(cleanup_payload(TaskInstance("success", TRAINING), again))
    assert (found["run"], found["training"]) == (RUN, AGAIN)
