"""More runs in the same environment: other data, several at once, faults and their repair."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from local.run.states import DagRun
from tests.local.fault_checks import verify
from tests.local.fault_rows import Fault
from tests.local.kept_run import KeptRun, operated
from workloads.sample_data.generate import write_sample

pytestmark = pytest.mark.end_to_end


def trigger(kept: KeptRun) -> DagRun:
    return kept.api.trigger(kept.data.dag_id)


def ended_data_run(kept: KeptRun, run: DagRun) -> DagRun:
    return kept.ended(run.dag_id, run.run_id)


def ended_ml_run(kept: KeptRun, run: DagRun) -> DagRun:
    """The end of the ML run that a data run started."""
    return kept.ended(kept.ml.dag_id, run.run)


@pytest.mark.verification
def test_two_runs_at_once_train_on_new_data_and_do_not_mix(
    kept: KeptRun, fault: Fault, tmp_path: Path
) -> None:
    verifying = kept.operating("verify", "--pipeline", kept.data.name, "--folder", tmp_path)
    older, newer = tmp_path / "older.csv", tmp_path / "newer.csv"
    write_sample(older, rows=900, seed=11)
    write_sample(newer, rows=700, seed=13)
    version = kept.upload(older)
    pinned = kept.trigger_data_pipeline(version)
    assert kept.operate("upload", newer, "--pipeline", kept.data.name)["key"] == kept.data.raw_key
    found = kept.operate("run", "--pipeline", kept.data.name)
    current = data_run_of(kept, found)

    assert {run["state"] for run in found["dag_runs"]} == {"success"}
    model = found["models"][kept.ml.name]
    assert {name: kept.summary_of(found["run"])[name] for name in model} == model
    assert [job["state"] for job in found["jobs"]] == ["SUCCEEDED", "Completed"]
    assert all(job["compute_seconds"] > 0 for job in found["jobs"])
    assert sum(found["rejected"]["reasons"].values()) == found["rows"]["rejected"]
    assert pinned.run != current.run
    for run, rows in ((pinned, 900), (current, 700)):
        verify(kept, fault, run)
        assert kept.manifest(run.run)["rows"]["input"] == rows
        assert f"/run={run.run}/" in kept.summary_of(run.run)["model_artifact"]
    versions = [kept.manifest(run.run)["source"]["version_id"] for run in (pinned, current)]
    assert versions[0] == version
    assert kept.manifest(first_run(kept))["source"]["version_id"] not in versions
    assert len(set(versions)) == 2
    is_verified(kept, operated(verifying))
    refuses_a_new_raw_file(kept, current, tmp_path)


def is_verified(kept: KeptRun, found: dict[str, Any]) -> None:
    """What `operate verify` found on data of its own, and that its DAG runs are gone."""
    assert found["passed"], found
    assert [each["answer"].removesuffix("Exception") for each in found["denied"]] == (
        ["AccessDenied"] * 10
    )
    assert kept.dag_run(kept.ml.dag_id, found["run"]) is None
    assert len(found["removed"]) == 2
    sample = found["left"][0]["where"].removeprefix(f"s3://{kept.data.bucket}/")
    assert sample in kept.keys(kept.data, "raw/verification/")
    text, page = (Path(file).read_text(encoding="utf-8") for file in found["files"])
    assert "FAILED" not in text
    assert f"Run {found['run']} of {kept.data.name}" in page


def refuses_a_new_raw_file(kept: KeptRun, run: DagRun, tmp_path: Path) -> None:
    """A complete run that no version was named for, once it is cleared after an upload."""
    before = kept.manifest(run.run)
    other = tmp_path / "other.csv"
    write_sample(other, rows=800, seed=12)
    kept.upload(other)

    kept.clear(run)

    assert ended_data_run(kept, run).state == "failed"
    task = kept.tasks(run)["raw_to_transform"]
    assert "trigger a new DAG run" in kept.log(task)
    arguments = (run.run, "--pipeline", kept.data.name)
    (failure,) = kept.operate("explain", *arguments)["failures"]
    assert failure["task_id"] == "raw_to_transform"
    assert "trigger a new DAG run" in failure["sentence"]
    (written,) = kept.operate("logs", *arguments, "--task", "raw_to_transform")
    assert any("trigger a new DAG run" in line for line in written["lines"])
    assert len(written["jobs"]) == 2
    assert all(written["jobs"].values())
    (data, _) = kept.operate("status")["dags"]
    assert not data["paused"]
    assert data["last_runs"]
    assert kept.manifest(run.run) == before
    assert len(kept.glue_runs(run.run)) == 1


def data_run_of(kept: KeptRun, found: dict[str, Any]) -> DagRun:
    """The data DAG run of what `operate run` found."""
    run = kept.dag_run(kept.data.dag_id, found["dag_runs"][0]["dag_run_id"])
    assert run is not None
    return run


def first_run(kept: KeptRun) -> str:
    """The run of `make local` itself."""
    return str(kept.summary["dag_runs"][0]["run"])


@pytest.mark.verification
def test_a_paused_ml_pipeline_catches_up_fails_and_is_repeated_by_hand(
    kept: KeptRun, fault: Fault
) -> None:
    role = kept.names.role(kept.ml.name, "sagemaker")
    with kept.paused_ml_pipeline():
        run = trigger(kept)
        assert ended_data_run(kept, run).state == "success"
        waiting = kept.dag_run(kept.ml.dag_id, run.run)
        assert waiting is not None
        assert waiting.state == "queued"
        with kept.denied(kept.ml.account_region, role, "s3:PutObject", "*"):
            kept.api.unpause(kept.ml.dag_id)
            failed = ended_ml_run(kept, run)

    verify(kept, fault, run)
    assert kept.tasks(failed)["train"].state == "failed"
    assert "s3:PutObject" in kept.training_jobs(run.run)[0]["FailureReason"]
    assert kept.summary_of(run.run)["outcome"] == "failed"
    kept_keys = set(kept.keys(kept.ml, f"transformed/run={run.run}/"))
    assert kept_keys >= {file["key"] for file in kept.manifest(run.run)["files"]}

    before = {job["TrainingJobName"] for job in kept.training_jobs(run.run)}
    assert kept.repeat(failed).state == "success"
    summary = kept.summary_of(run.run)
    assert summary["outcome"] == "success"
    # The failed jobs aren't reattached to.
    assert summary["training_job_name"] not in before
    assert [each["outcome"] for each in summary["trainings"]] == ["failed", "success"]


@pytest.mark.verification
def test_a_run_is_trained_on_again_with_other_hyperparameters(kept: KeptRun) -> None:
    run = first_run(kept)
    before = kept.summary_of(run)

    found = kept.operate("train", kept.ml.name, "--run", run, "--set", "eta=0.1")

    summary = kept.summary_of(run)
    first, again = summary["trainings"]
    assert first == before["trainings"][0]
    assert again["trained_with"]["hyperparameters"]["eta"] == "0.1"
    assert summary["model_artifact"] == again["model_artifact"] != first["model_artifact"]
    models = [f"s3://{kept.ml.bucket}/{key}" for key in kept.keys(kept.ml, f"models/run={run}/")]
    assert sorted(models) == sorted(each["model_artifact"] for each in (first, again))
    assert found["models"][kept.ml.name]["trainings"] == summary["trainings"]
    assert [job["state"] for job in found["jobs"]][1:] == ["Completed", "Completed"]


def no_secret(kept: KeptRun) -> AbstractContextManager[None]:
    return kept.no_connection()


def another_external_id(kept: KeptRun) -> AbstractContextManager[None]:
    wrong = {"assume_role_kwargs": {"ExternalId": "another-owners"}}
    return kept.connection(lambda extra: {**extra, **wrong})


def no_role(kept: KeptRun) -> AbstractContextManager[None]:
    return kept.connection(
        lambda extra: {key: value for key, value in extra.items() if key != "role_arn"}
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param(no_secret, r"\[unreadable\]", marks=pytest.mark.verification),
        (
            another_external_id,
            r"AccessDenied.*sts:AssumeRole on resource: arn:aws:iam::\d+:role/\S*crossaccount",
        ),
        pytest.param(no_role, r"\[no_role\]", marks=pytest.mark.verification),
    ],
)
def test_a_wrong_connection_fails_the_run_before_anything_is_done(
    kept: KeptRun,
    fault: Fault,
    change: Callable[[KeptRun], AbstractContextManager[None]],
    message: str,
) -> None:
    with change(kept):
        run = trigger(kept)
        verify(kept, fault, run)

    tasks = kept.tasks(run)
    first = tasks["wait_for_raw_file"]
    assert (first.state, first.attempt) == ("failed", 1)
    log = kept.log(first)
    assert re.search(message, log)
    assert f"aws_crossaccount_role_conn_{kept.data.name}" in log
    assert tasks["raw_to_transform"].state == "upstream_failed"
