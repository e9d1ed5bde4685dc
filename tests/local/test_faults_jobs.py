"""Faults of Glue."""

from __future__ import annotations

import pytest

from components.aws.naming import ALARM_NAME_LIMIT, HUB_OWNER
from tests.local.fault_actions import in_state, job_run, ml_run_of, process, stopped
from tests.local.fault_checks import verify
from tests.local.fault_rows import Fault
from tests.local.kept_run import KeptRun
from tests.local.notified import notifications

pytestmark = [pytest.mark.end_to_end, pytest.mark.verification]


def test_glue_never_ends(faulty: KeptRun, fault: Fault) -> None:
    """Spark's processes are stopped, so that only the job's time-out can end it."""
    with faulty.glue_job(Timeout=1), notifications(faulty) as told:
        run = faulty.api.trigger(faulty.data.dag_id)
        for number in range(2):
            name = job_run(faulty, run, number, "STARTING", "RUNNING")["Id"]
            with stopped(process(faulty, name)):
                job_run(faulty, run, number, "TIMEOUT")
        verify(faulty, fault, run)
        (message,) = told()
    assert message["Subject"] == "data_east1 failed at raw_to_transform"
    assert "glue.timeout_minutes" in message["Message"]
    failing = faulty.names.of(HUB_OWNER, f"{faulty.data.name}-failing", limit=ALARM_NAME_LIMIT)
    cloudwatch = faulty.client("cloudwatch", faulty.plan.hub)
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=[failing])["MetricAlarms"]
    assert alarm["StateValue"] == "ALARM"
    log = faulty.log(faulty.tasks(run)["raw_to_transform"])
    assert "TIMEOUT" in log
    assert "glue.timeout_minutes" in log


def test_glue_has_no_room_while_the_ml_pipeline_is_paused(
    faulty: KeptRun, faults: list[Fault]
) -> None:
    """The only run that the job takes at a time stands still until another was refused.

    The scheduler skips a paused DAG: when it looks again, both runs are there.
    """
    with faulty.glue_job(ExecutionProperty={"MaxConcurrentRuns": 1}), faulty.paused_ml_pipeline():
        first = faulty.api.trigger(faulty.data.dag_id)
        name = job_run(faulty, first, 0, "STARTING", "RUNNING")["Id"]
        with stopped(process(faulty, name)):
            second = faulty.api.trigger(faulty.data.dag_id)
            in_state(faulty, second, "raw_to_transform", "deferred")
            log = faulty.log(faulty.tasks(second)["raw_to_transform"])
            assert "ConcurrentRunsExceededException" in log
            assert faulty.glue_runs(second.run) == []
        runs = (first, second)
        assert [faulty.ended(run.dag_id, run.run_id).state for run in runs] == ["success"] * 2
        assert [ml_run_of(faulty, run).state for run in runs] == ["queued", "queued"]
        assert [faulty.training_jobs(run.run) for run in runs] == [[], []]

    for fault in faults:
        for run in runs:
            verify(faulty, fault, run)
    assert faulty.tasks(second)["raw_to_transform"].attempt == 1
    assert len({faulty.summary_of(run.run)["model_artifact"] for run in runs}) == 2
