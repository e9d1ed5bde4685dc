"""The state of a whole run, on which the explanation, the report and its median depend."""

from __future__ import annotations

import pytest

from operate.dag_runs import DagRun
from operate.gathering import state_of, training_of
from operate.outputs import MlPipeline
from tests.operate.answers import RUN, dag_run_row


def dag_runs(*states: str) -> list[DagRun]:
    return [DagRun.model_validate(dag_run_row("data_east1", state)) for state in states]


def test_a_training_on_several_sources_is_named_by_its_dag_run() -> None:
    several = MlPipeline(
        account_id="2",
        region="us-west-2",
        sources=("east1", "ireland"),
        destination_bucket_name="bucket",
        training_job_name_prefix="prefix",
    )
    run_id = several.triggered_by("east1", "20260101T000000000000")
    assert run_id == "20260101T000000000000_east1"
    dag_run = DagRun.model_validate(dag_run_row("ml_world", "success", run_id))
    assert training_of(several, "20260101T000000000000", dag_run) == RUN
    assert training_of(several, "20260101T000000000000", None) is None


@pytest.mark.parametrize(
    ("states", "state"),
    [
        (("success", "success"), "success"),
        (("success",), "running"),
        (("success", "running"), "running"),
        (("failed",), "failed"),
        (("success", "failed"), "failed"),
        ((), "running"),
    ],
)
def test_a_run_succeeds_once_every_pipelines_dag_run_has(
    states: tuple[str, ...], state: str
) -> None:
    assert state_of(dag_runs(*states), ["west2"]) == state
