"""Faults that meet one run after the other, the last of them of the clean-up function."""

from __future__ import annotations

import random

import pytest

from local.run.states import DagRun
from tests.local.fault_actions import failed_once, in_state, invocations, kill, ml_run_of, worker_of
from tests.local.fault_checks import verify
from tests.local.fault_rows import Fault
from tests.local.gateway_faults import ask, held
from tests.local.kept_run import KeptRun, wait_for

pytestmark = [pytest.mark.end_to_end, pytest.mark.verification]


def test_the_manifest_arrives_first_and_the_function_is_called_twice(
    faulty: KeptRun, faults: list[Fault]
) -> None:
    run, ml_run = whose_manifest_arrives_first(faulty)
    before = invocations(faulty)
    with held(faulty.endpoint, hold_answers=["POST /*/functions/*/invocations"]):
        wait_for("the first summary", lambda: faulty.keys(faulty.ml, f"runs/{run.run}/") or None)
        first = faulty.summary_of(run.run)
        _, task = worker_of(faulty, ml_run, "dagcleanup")
        kill(task)

    for fault in faults:
        verify(faulty, fault, run)
    assert invocations(faulty) - before == 2
    assert faulty.tasks(ml_run)["dagcleanup"].attempt == 2
    # The second call deleted nothing any more, and yet its summary isn't what stays.
    assert faulty.summary_of(run.run) == first
    assert first["deleted_versions"] == len(faulty.parts(run.run))


def whose_manifest_arrives_first(kept: KeptRun) -> tuple[DagRun, DagRun]:
    """A run whose parts arrive late, one by one and in any order, and its ML run."""
    with held(kept.endpoint, hold_replicas=["transformed/*/part-*"]):
        run = kept.api.trigger(kept.data.dag_id)
        ml_run = ml_run_of(kept, run)
        in_state(kept, ml_run, "wait_for_files", "deferred")
        waiting = kept.parts(run.run)
        random.shuffle(waiting)
        while waiting:
            assert kept.training_jobs(run.run) == []
            in_state(kept, ml_run, "wait_for_files", "deferred")
            arriving = waiting.pop()
            ask(kept.endpoint, {"hold_replicas": waiting})
            arrived(kept, arriving)
    return run, ml_run


def arrived(kept: KeptRun, key: str) -> None:
    """Wait for a replica."""
    wait_for(f"the replica of {key}", lambda: kept.keys(kept.ml, key) or None)


def test_workers_are_killed_and_the_function_times_out(
    faulty: KeptRun, faults: list[Fault]
) -> None:
    """S3 deletes, but its answer is late: the function ends between its two steps."""
    run, ml_run = whose_workers_are_killed(faulty)
    with (
        faulty.function_timeout(seconds=20),
        held(faulty.endpoint, hold_answers=[f"POST /{faulty.ml.bucket}"]),
    ):
        in_state(faulty, ml_run, "dagcleanup", "running", "up_for_retry")
        folder = f"transformed/run={run.run}/"
        outliving = faulty.outliving(run.run)
        wait_for("the deletion", lambda: faulty.keys(faulty.ml, folder) == outliving or None)
        failed_once(faulty, ml_run, "dagcleanup")
        assert faulty.keys(faulty.ml, f"runs/{run.run}/") == []

    for fault in faults:
        verify(faulty, fault, run)
    assert faulty.tasks(run)["raw_to_transform"].attempt == 2
    tasks = faulty.tasks(ml_run)
    assert tasks["train"].attempt == 2
    assert "-dagcleanup failed: Task timed out after 20.00 seconds" in faulty.log(
        tasks["dagcleanup"], 1
    )


def whose_workers_are_killed(kept: KeptRun) -> tuple[DagRun, DagRun]:
    """A run whose workers die after they started each job, and its ML run."""
    with held(kept.endpoint, hold_answers=["AWSGlue.StartJobRun"]):
        run = kept.api.trigger(kept.data.dag_id)
        wait_for("the job run", lambda: kept.glue_runs(run.run) or None)
        _, task = worker_of(kept, run, "raw_to_transform")
        kill(task)
    with held(kept.endpoint, hold_answers=["SageMaker.CreateTrainingJob"]):
        ml_run = ml_run_of(kept, run)
        wait_for("the training job", lambda: kept.training_jobs(run.run) or None)
        kill(*worker_of(kept, ml_run, "train"))
    return run, ml_run
