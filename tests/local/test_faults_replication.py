"""Replicas that come late, out of order or never, and others that should not be there."""

from __future__ import annotations

import pytest

from tests.local.fault_actions import in_state, ml_run_of
from tests.local.fault_checks import verify
from tests.local.fault_rows import Fault
from tests.local.gateway_faults import held
from tests.local.kept_run import KeptRun

pytestmark = [pytest.mark.end_to_end, pytest.mark.verification]


def test_one_part_never_arrives(faulty: KeptRun, fault: Fault) -> None:
    """Its replication failed, as it does without a permission; S3 doesn't try again."""
    role = faulty.names.role(faulty.data.name, "replication")
    replicas = f"arn:aws:s3:::{faulty.ml.bucket}/transformed/*/validation/*"
    with faulty.denied(faulty.data.account_region, role, "s3:ReplicateObject", replicas):
        run = faulty.api.trigger(faulty.data.dag_id)
        verify(faulty, fault, run)

    ml_run = ml_run_of(faulty, run)
    (missing,) = [key for key in faulty.parts(run.run) if "/validation/" in key]
    task = faulty.tasks(ml_run)["wait_for_files"]
    assert task.attempt == 1
    assert f"{missing} (FAILED in s3://{faulty.data.bucket})" in faulty.log(task)

    done = faulty.operate("replicate", faulty.data.name, run.run)
    assert done["missing"] == {faulty.ml.name: [missing]}
    assert done["still_missing"] == {}
    assert faulty.repeat(ml_run).state == "success"
    assert faulty.summary_of(run.run)["outcome"] == "success"
    assert len(faulty.training_jobs(run.run)) == 1


def test_another_file_lies_among_the_parts_and_the_next_run_finds_stale_data(
    faulty: KeptRun, faults: list[Fault]
) -> None:
    another_file, stale_data = faults
    s3 = faulty.client("s3", faulty.ml.account_region)
    with held(faulty.endpoint, hold_replicas=["transformed/*/part-*"]):
        first = faulty.api.trigger(faulty.data.dag_id)
        ml_run = ml_run_of(faulty, first)
        in_state(faulty, ml_run, "wait_for_files", "deferred")
        other = f"{faulty.manifest(first.run)['channels']['train']}part-99999.csv"
        s3.put_object(Bucket=faulty.ml.bucket, Key=other, Body=b"1,2,3\n")

    verify(faulty, another_file, first)
    task = faulty.tasks(ml_run)["prepare_training"]
    assert task.attempt == 1
    assert other in faulty.log(task)

    # The first run trained no model, so its rows stay; so do scraps of older runs.
    scraps = [
        "transformed/train/part-00000.csv",
        "transformed/run=20200101T000000000000/attempt/train/part-00000.csv",
    ]
    for key in scraps:
        s3.put_object(Bucket=faulty.ml.bucket, Key=key, Body=b"1,2,3\n")
    stale = faulty.keys(faulty.ml, f"transformed/run={first.run}/")
    assert set(stale) >= {*faulty.parts(first.run), other}

    second = faulty.api.trigger(faulty.data.dag_id)

    verify(faulty, stale_data, second)
    assert faulty.keys(faulty.ml, f"transformed/run={first.run}/") == stale
    for key in scraps:
        assert faulty.keys(faulty.ml, key) == [key]
        s3.delete_object(Bucket=faulty.ml.bucket, Key=key)
