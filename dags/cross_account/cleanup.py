"""What the clean-up is told of a run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

CHOOSE_RUN = "choose_run"
PREPARE = "prepare_training"
TRAIN = "train"


def cleanup_payload(ti: Any) -> str:
    """The `dagcleanup` function's payload, told from what the DAG run's tasks left.

    A macro, because the clean-up also runs where training failed and left nothing. Training
    counts as a success only if its task ended so AND left the job's description: a task that
    somebody marked by hand proves neither a model nor that the data can go.
    """
    states = ti.get_task_states(dag_id=ti.dag_id, task_ids=[PREPARE, TRAIN], run_ids=[ti.run_id])
    results = {
        task_id: ti.xcom_pull(task_ids=task_id)
        for task_id, state in states.get(ti.run_id, {}).items()
        if state == "success"
    }
    run = ti.xcom_pull(task_ids=CHOOSE_RUN)
    _check_run(run, results.get(PREPARE))
    return json.dumps(payload(run, results.get(TRAIN)))


def payload(run: str, training: Mapping[str, Any] | None) -> dict[str, Any]:
    """The payload for `run`, with the training task's result or `None` where it has none."""
    job = training["Training"] if training else {}
    _check_run(run, job)
    return {
        "run": run,
        "outcome": "success" if job else "failed",
        "training_job_name": job.get("TrainingJobName"),
        "model_artifact": job.get("ModelArtifacts", {}).get("S3ModelArtifacts"),
        "metrics": {
            metric["MetricName"]: metric["Value"] for metric in job.get("FinalMetricDataList", [])
        },
    }


def _check_run(run: str, job: Mapping[str, Any] | None) -> None:
    """A DAG run that was cleared in part may have chosen another run than it trains on."""
    if job and f"-{run}" not in job["TrainingJobName"]:
        raise ValueError(
            f"Training job {job['TrainingJobName']} isn't of run {run}: "
            "clear the whole DAG run instead of single tasks."
        )
