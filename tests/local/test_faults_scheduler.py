"""The scheduler dies in the middle."""

from __future__ import annotations

import pytest

from tests.local.fault_actions import in_state, kill, process
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
