"""What S3 may still bring is waited for; what it won't bring any more is told at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from cross_account.failure import AirflowFailException
from cross_account.missing_replica import MissingReplica, Origin
from cross_account.pipeline_bucket import Replication
from cross_account.replica_sensor import ReplicaSensor
from cross_account.settings import MAX_REPLICATION_WAITS

from tests.dags.deferred_tasks import TaskDeferred
from tests.dags.example_topology import pipelines
from tests.dags.fake_aws import FakeAws

EAST, EUROPE, WORLD = (pipelines()[name] for name in ("east1", "europe1", "world"))
KEYS = ["transformed/run=r/a/train/0.csv", "transformed/run=s/b/train/0.csv"]
RECENT, LONG_AGO = timedelta(minutes=14), timedelta(minutes=16)


def origin(pipeline: dict[str, str] = EAST, *, is_shared: bool = False) -> Origin:
    return Origin(
        connection_id=pipeline["connection_id"],
        bucket_name=pipeline["bucket_name"],
        is_shared=is_shared,
    )


@pytest.mark.parametrize(
    ("status", "age", "is_shared", "is_lost"),
    [
        ("PENDING", LONG_AGO, False, False),
        ("FAILED", RECENT, False, True),
        # Another destination may be the one that failed.
        ("FAILED", RECENT, True, False),
        ("FAILED", LONG_AGO, True, True),
        # Deleted in the destination, or older than its rule.
        ("COMPLETED", RECENT, False, False),
        ("COMPLETED", LONG_AGO, False, True),
        (None, RECENT, False, False),
        (None, LONG_AGO, False, True),
    ],
)
def test_what_is_lost(
    status: str | None, age: timedelta, *, is_shared: bool, is_lost: bool
) -> None:
    replication = Replication(status, datetime.now(UTC) - age)
    missing = MissingReplica(key="k", origin=origin(is_shared=is_shared), replication=replication)
    assert missing.is_lost is is_lost


def look(waits: int = 0) -> None:
    """Look for the replicas of two sources."""
    ReplicaSensor(
        task_id="wait",
        aws_conn_id=WORLD["connection_id"],
        bucket_name=WORLD["bucket_name"],
        keys=KEYS,
        origins=[origin(EAST), origin(EUROPE)],
    ).look_again({"dag_run": SimpleNamespace(start_date=datetime.now(UTC))}, waits)


def test_each_file_is_asked_for_at_its_own_source(aws: FakeAws) -> None:
    aws.put(EAST["bucket_name"], KEYS[0], b"1\n")
    aws.put(EUROPE["bucket_name"], KEYS[1], b"1\n")
    aws.replications = {
        (EAST["bucket_name"], KEYS[0]): "PENDING",
        (EUROPE["bucket_name"], KEYS[1]): "PENDING",
    }
    with pytest.raises(TaskDeferred) as deferred:
        look(waits=3)
    assert deferred.value.kwargs == {"waits": 4}
    aws.replications[EUROPE["bucket_name"], KEYS[1]] = "FAILED"
    with pytest.raises(AirflowFailException) as failure:
        look()
    assert str(failure.value) == (
        f"S3 won't replicate any more to s3://{WORLD['bucket_name']}: {KEYS[1]} (FAILED in "
        f"s3://{EUROPE['bucket_name']}). Repair what keeps S3 from replicating, then `python -m "
        "operate replicate` the run, and clear this task."
    )


def test_what_arrives_during_the_look_is_not_missing(aws: FakeAws) -> None:
    aws.put(WORLD["bucket_name"], KEYS[1], b"1\n")
    aws.put(EAST["bucket_name"], KEYS[0], b"1\n")
    aws.on_object_asked = lambda key: aws.put(WORLD["bucket_name"], key, b"1\n")
    look()


def test_the_wait_ends(aws: FakeAws) -> None:
    aws.put(EAST["bucket_name"], KEYS[0], b"1\n")
    aws.replications[EAST["bucket_name"], KEYS[0]] = "PENDING"
    with pytest.raises(TaskDeferred):
        look(MAX_REPLICATION_WAITS - 1)
    with pytest.raises(AirflowFailException) as failure:
        look(MAX_REPLICATION_WAITS)
    assert str(failure.value) == (
        f"Missing in s3://{WORLD['bucket_name']} after two hours: {KEYS[0]} (PENDING in "
        f"s3://{EAST['bucket_name']}), {KEYS[1]} (not in the source either). Clear this task to "
        "wait for what is PENDING; for what isn't in the source, start its data-processing DAG."
    )
