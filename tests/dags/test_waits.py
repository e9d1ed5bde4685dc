"""How long each wait may last, as the task says when it defers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from airflow.providers.amazon.aws.sensors.s3 import S3KeySensor
from cross_account.settings import (
    MAX_REPLICATION_WAITS,
    REPLICATION_TIMEOUT,
    job_attempts,
    job_wait_seconds,
    poll_seconds,
    replication_pause,
)
from cross_account.tuning import CrossAccountSageMakerTuningOperator

from tests.dags import example_data
from tests.dags.deferred_tasks import begin
from tests.dags.fake_aws import FakeAws

if TYPE_CHECKING:
    from airflow.models.dagbag import DagBag

pytestmark = pytest.mark.airflow

HOUR, DAY = 3600, 24 * 3600


def test_no_wait_is_shorter_than_what_it_waits_for(dag_bag: DagBag, aws: FakeAws) -> None:
    aws.training_statuses = ["InProgress"]
    for key, body in example_data.files().items():
        aws.put("bucket", key, body)
    deferrable = [
        task
        for dag in dag_bag.dags.values()
        for task in dag.tasks
        if getattr(task, "deferrable", False)
    ]
    assert len(deferrable) == 2 * 2 + 4
    for task in deferrable:
        limit = task.timeout if isinstance(task, S3KeySensor) else HOUR
        timeout = begin(task).timeout
        # Without a time-out of its own, a wait ends with its looks.
        assert timeout is None or timeout.total_seconds() >= limit, task
        if task.task_id == "train":
            assert timeout is not None
            rounds = 5 if isinstance(task, CrossAccountSageMakerTuningOperator) else 1
            assert rounds * HOUR < timeout.total_seconds() <= rounds * 2 * HOUR


@pytest.mark.parametrize(
    ("limit", "poll"), [(60, 5), (HOUR, 5), (2 * HOUR, 10), (12 * HOUR, 60), (5 * DAY, 60)]
)
def test_a_job_of_days_is_looked_at_less_often(limit: int, poll: int) -> None:
    assert poll_seconds(limit) == poll


@pytest.mark.parametrize("limit", [60, HOUR, 2 * HOUR + 1, 5 * DAY])
def test_the_looks_last_as_long_as_the_wait(limit: int) -> None:
    assert limit < job_wait_seconds(limit) <= job_attempts(limit) * poll_seconds(limit)


def test_replicas_are_looked_for_every_minute_and_for_two_hours() -> None:
    pauses = [replication_pause(waits) for waits in range(MAX_REPLICATION_WAITS)]
    assert max(pauses) == timedelta(minutes=1)
    assert REPLICATION_TIMEOUT <= sum(pauses, timedelta()) < REPLICATION_TIMEOUT + max(pauses)
