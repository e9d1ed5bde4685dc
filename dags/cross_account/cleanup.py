"""What the clean-up is told of a run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

CHOOSE_RUN = "choose_run"
TRAIN = "train"


def cleanup_payload(ti: Any) -> str:
    """The `dagcleanup` function's payload, told from what the DAG run's tasks left.

    A macro, because the clean-up also runs where training failed and left nothing. Training
    counts as a success only if its task ended so AND left the job's description: a task that
    somebody marked by hand proves neither a model nor that the data can go.
    """
    states = ti.get_task_states(dag_id=ti.dag_id, task_ids=[TRAIN], run_ids=[ti.run_id])
    succeeded = states.get(ti.run_id, {}).get(TRAIN) == "success"
    training = ti.xcom_pull(task_ids=TRAIN) if succeeded else None
    return json.dumps(payload(ti.xcom_pull(task_ids=CHOOSE_RUN), training))


def payload(run: str, training: Mapping[str, Any] | None) -> dict[str, Any]:
    """The payload for `run`, with the training task's result or `None` where it has none."""
    job = training["Training"] if training else {}
    if job and f"-{run}" not in job["TrainingJobName"]:
        raise ValueError(
            f"Training job {job['TrainingJobName']} isn't of run {run}: "
            "clear the whole DAG run instead of single tasks."
        )
    return {
        "run": run,
        "outcome": "success" if job else "failed",
        "training_job_name": job.get("TrainingJobName"),
        "model_artifact": job.get("ModelArtifacts", {}).get("S3ModelArtifacts"),
        "metrics": {
            metric["MetricName"]: metric["Value"] for metric in job.get("FinalMetricDataList", [])
        },
    }
