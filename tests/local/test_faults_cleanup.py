"""Faults of the clean-up function, which deletes what a run no longer needs."""

from __future__ import annotations

import pytest

from tests.local.fault_actions import failed_once, in_state, invocations, kill, ml_run_of, worker_of
from tests.local.fault_checks import verify
from tests.local.fault_rows import Fault
from tests.local.gateway_faults import held
from tests.local.kept_run import KeptRun, wait_for

pytestmark = [pytest.mark.end_to_end, pytest.mark.verification]


def test_the_function_is_called_twice(faulty: KeptRun, fault: Fault) -> None:
    before = invocations(faulty)
    with held(faulty.endpoint, hold_answers=["POST /*/functions/*/invocations"]):
        run = faulty.api.trigger(faulty.data.dag_id)
        ml_run = ml_run_of(faulty, run)
        wait_for("the first summary", lambda: faulty.keys(faulty.ml, f"runs/{run.run}/") or None)
        first = faulty.summary_of(run.run)
        _, task = worker_of(faulty, ml_run, "dagcleanup")
        kill(task)

    verify(faulty, fault, run)
    assert invocations(faulty) - before == 2
    assert faulty.tasks(ml_run)["dagcleanup"].attempt == 2
    # The second call deleted nothing any more, and yet its summary isn't what stays.
    assert faulty.summary_of(run.run) == first
    assert first["deleted_versions"] == len(faulty.manifest(run.run)["files"])


def test_the_function_times_out(faulty: KeptRun, fault: Fault) -> None:
    """S3 deletes, but its answer is late: the function ends between its two steps."""
    with (
        faulty.function_timeout(seconds=20),
        held(faulty.endpoint, hold_answers=[f"POST /{faulty.ml.bucket}"]),
    ):
        run = faulty.api.trigger(faulty.data.dag_id)
        ml_run = ml_run_of(faulty, run)
        in_state(faulty, ml_run, "dagcleanup", "running", "up_for_retry")
        folder = f"transformed/run={run.run}/"
        outliving = faulty.outliving(run.run)
        wait_for("the deletion", lambda: faulty.keys(faulty.ml, folder) == outliving or None)
        failed_once(faulty, ml_run, "dagcleanup")
        assert faulty.keys(faulty.ml, f"runs/{run.run}/") == []

    verify(faulty, fault, run)
    assert "-dagcleanup failed: Task timed out after 20.00 seconds" in faulty.log(
        faulty.tasks(ml_run)["dagcleanup"], 1
    )
