"""Faults that meet one run after the other, or two runs of which the first one leaves something."""

from __future__ import annotations

import random

import pytest

from local.run.states import DagRun
from tests.local.fault_actions import (
    failed_once,
    in_state,
    invocations,
    job_run,
    kill,
    kill_scheduler,
    ml_run_of,
    of_the_hubs_account,
    worker_of,
)
from tests.local.fault_checks import verify
from tests.local.fault_rows import Fault
from tests.local.gateway_faults import ask, held
from tests.local.kept_run import KeptRun, wait_for

pytestmark = [pytest.mark.end_to_end, pytest.mark.verification]


def test_glue_fails_once_the_manifest_arrives_first_and_the_function_is_called_twice(
    faulty: KeptRun, faults: list[Fault]
) -> None:
    run = whose_manifest_is_not_written_at_first(faulty)
    ml_run = its_manifest_arrives_first(faulty, run)
    before = invocations(faulty)
    with held(faulty.endpoint, hold_answers=["POST /*/functions/*/invocations"]):
        wait_for("the first summary", lambda: faulty.keys(faulty.ml, f"runs/{run.run}/") or None)
        first = faulty.summary_of(run.run)
        _, task = worker_of(faulty, ml_run, "dagcleanup")
        kill(task)

    for fault in faults:
        verify(faulty, fault, run)
    repeated = faulty.tasks(run)["raw_to_transform"]
    assert repeated.attempt == 2
    assert "is not authorized to perform: s3:PutObject" in faulty.log(repeated, 1)
    folder = f"transformed/run={run.run}/"
    written = faulty.keys(faulty.data, folder)
    attempts = {key.removeprefix(folder).split("/")[0] for key in written} - {"_manifest.json"}
    assert len(attempts) == 2
    assert invocations(faulty) - before == 2
    assert faulty.tasks(ml_run)["dagcleanup"].attempt == 2
    # The second call deleted nothing any more, and yet its summary isn't what stays.
    assert faulty.summary_of(run.run) == first
    assert first["deleted_versions"] == len(set(written) - set(faulty.outliving(run.run)))


def whose_manifest_is_not_written_at_first(kept: KeptRun) -> DagRun:
    """A run whose Glue job fails at the worst moment, when the parts are copied and replicated."""
    role = kept.names.role(kept.data.name, "glue")
    manifests = f"arn:aws:s3:::{kept.data.bucket}/transformed/*/_manifest.json"
    with kept.denied(kept.data.account_region, role, "s3:PutObject", manifests):
        run = kept.api.trigger(kept.data.dag_id)
        job_run(kept, run, 0, "FAILED")
    return run


def its_manifest_arrives_first(kept: KeptRun, run: DagRun) -> DagRun:
    """The ML run of a run whose parts arrive late, one by one and in any order."""
    with held(kept.endpoint, hold_replicas=["transformed/*/part-*"]):
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
    return ml_run


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


def test_the_ml_pipelines_secret_is_wrong_and_one_part_never_arrives(
    faulty: KeptRun, faults: list[Fault]
) -> None:
    """The part's replication failed, as it does without a permission; S3 doesn't try again."""
    missing_part, wrong_secret = faults
    role = faulty.names.role(faulty.data.name, "replication")
    replicas = f"arn:aws:s3:::{faulty.ml.bucket}/transformed/*/validation/*"
    with faulty.denied(faulty.data.account_region, role, "s3:ReplicateObject", replicas):
        run = faulty.api.trigger(faulty.data.dag_id)
        in_state(faulty, run, "raw_to_transform", "deferred")
        with faulty.secret(faulty.ml, lambda before: of_the_hubs_account(faulty, before)):
            verify(faulty, wrong_secret, run)
        first = ml_run_of(faulty, run)
        second = faulty.repeat(first)
        assert second.state == missing_part.ml_run
        verify(faulty, missing_part, run)

    task = faulty.tasks(first)["choose_run"]
    assert (task.state, task.attempt) == ("failed", 1)
    assert f"aws_crossaccount_role_conn_{faulty.ml.name}" in faulty.log(task)
    (missing,) = [key for key in faulty.parts(run.run) if "/validation/" in key]
    task = faulty.tasks(second)["wait_for_files"]
    assert task.attempt == 1
    assert f"{missing} (FAILED in s3://{faulty.data.bucket})" in faulty.log(task)

    done = faulty.operate("replicate", faulty.data.name, run.run)
    assert done["missing"] == {faulty.ml.name: [missing]}
    assert done["still_missing"] == {}
    assert faulty.repeat(second).state == "success"
    assert faulty.summary_of(run.run)["outcome"] == "success"
    assert len(faulty.training_jobs(run.run)) == 1


def test_a_file_too_many_fails_a_run_and_the_next_one_outlives_the_scheduler(
    faulty: KeptRun, faults: list[Fault]
) -> None:
    killed_twice, another_file, stale_data = faults
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
    in_state(faulty, second, "raw_to_transform", "deferred")
    with held(faulty.endpoint, hold_answers=["SageMaker.CreateTrainingJob"]):
        kill_scheduler(faulty)
        wait_for("the training job", lambda: faulty.training_jobs(second.run) or None)
        kill_scheduler(faulty)

    verify(faulty, killed_twice, second)
    verify(faulty, stale_data, second)
    assert faulty.keys(faulty.ml, f"transformed/run={first.run}/") == stale
    for key in scraps:
        assert faulty.keys(faulty.ml, key) == [key]
        s3.delete_object(Bucket=faulty.ml.bucket, Key=key)
