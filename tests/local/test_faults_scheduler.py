"""The scheduler dies in the middle, or looks later than usual."""

from __future__ import annotations

import pytest

from tests.local.fault_actions import in_state, kill, ml_run_of, process
from tests.local.fault_checks import verify
from tests.local.fault_rows import Fault
from tests.local.gateway_faults import held
from tests.local.kept_run import KeptRun, wait_for

pytestmark = [pytest.mark.end_to_end, pytest.mark.verification]


def kill_scheduler(kept: KeptRun) -> None:
    """Kill it; the gateway ends its workers, as they share a container, and starts it again."""
    scheduler = process(kept, "/scheduler")
    kill(scheduler)
    process(kept, "/scheduler", scheduler)


def test_the_scheduler_is_killed_twice(faulty: KeptRun, fault: Fault) -> None:
    run = faulty.api.trigger(faulty.data.dag_id)
    in_state(faulty, run, "raw_to_transform", "deferred")
    with held(faulty.endpoint, hold_answers=["SageMaker.CreateTrainingJob"]):
        kill_scheduler(faulty)
        wait_for("the training job", lambda: faulty.training_jobs(run.run) or None)
        kill_scheduler(faulty)

    verify(faulty, fault, run)


def test_two_data_runs_finish_between_two_passes(faulty: KeptRun, fault: Fault) -> None:
    """The scheduler skips a paused DAG: both runs are there when it looks again."""
    faulty.pause_ml_pipeline()
    try:
        runs = [faulty.api.trigger(faulty.data.dag_id) for _ in range(2)]
        for run in runs:
            assert faulty.ended(run.dag_id, run.run_id).state == "success"
        assert [ml_run_of(faulty, run).state for run in runs] == ["queued", "queued"]
        assert [faulty.training_jobs(run.run) for run in runs] == [[], []]
    finally:
        faulty.api.unpause(faulty.ml.dag_id)

    for run in runs:
        verify(faulty, fault, run)
    assert len({faulty.summary_of(run.run)["model_artifact"] for run in runs}) == 2
