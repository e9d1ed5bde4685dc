"""The payload of the clean-up function."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cross_account.run import training_of
from cross_account.training_request import job_name_of, output_of

CHOOSE_RUN = "choose_run"
PREPARE = "prepare_training"
TRAIN = "train"


def cleanup_payload(ti: Any, dag_run: Any) -> str:
    """The `dagcleanup` function's payload, made from the states and results of the DAG run's tasks.

    A macro, because the clean-up also runs where training failed and has no result. Training
    counts as a success only if its task succeeded AND returned the job's description: a task that
    a user marked as success is no evidence of a model, nor that the data can be deleted.
    """
    states = ti.get_task_states(dag_id=ti.dag_id, task_ids=[PREPARE, TRAIN], run_ids=[ti.run_id])
    results = {
        task_id: ti.xcom_pull(task_ids=task_id)
        for task_id, state in states.get(ti.run_id, {}).items()
        if state == "success"
    }
    run = ti.xcom_pull(task_ids=CHOOSE_RUN)
    _check_run(run, results.get(PREPARE))
    return json.dumps(payload(run, results.get(TRAIN), training_of(dag_run, run)))


def payload(run: str, result: Mapping[str, Any] | None, training: str) -> dict[str, Any]:
    """The payload for `run`; `result` is the training task's, if there is one."""
    job = result["Training"] if result else {}
    tuning = result.get("Tuning") if result else None
    _check_run(run, job)
    return {
        "run": run,
        "training": training,
        "outcome": "success" if job else "failed",
        "training_job_name": job.get("TrainingJobName"),
        "model_artifact": job.get("ModelArtifacts", {}).get("S3ModelArtifacts"),
        "metrics": {
            metric["MetricName"]: metric["Value"] for metric in job.get("FinalMetricDataList", [])
        },
        "trained_with": {**_trained_with(job), **_tuned(tuning)} if job else None,
    }


def _trained_with(job: Mapping[str, Any]) -> dict[str, Any]:
    """What has to be the same for the same model: the image, its hyperparameters, its code."""
    uris = {
        channel["ChannelName"]: channel["DataSource"]["S3DataSource"]["S3Uri"]
        for channel in job.get("InputDataConfig", [])
    }
    return {
        "image": job.get("AlgorithmSpecification", {}).get("TrainingImage"),
        "hyperparameters": job.get("HyperParameters", {}),
        "code": uris.get("code"),
    }


def _tuned(tuning: Mapping[str, Any] | None) -> dict[str, Any]:
    """Of which tuning job the training job is the best, and of how many that completed."""
    if tuning is None:
        return {}
    return {
        "tuning_job": tuning["HyperParameterTuningJobName"],
        "tuning_jobs_completed": tuning["TrainingJobStatusCounters"]["Completed"],
    }


def _check_run(run: str, job: Mapping[str, Any] | None) -> None:
    """After a DAG run was cleared in part, `choose_run` may have chosen another run."""
    if job and f"/run={run}/" not in output_of(job):
        raise ValueError(
            f"Training job {job_name_of(job)} is not of run {run}: "
            "clear the whole DAG run instead of single tasks."
        )
