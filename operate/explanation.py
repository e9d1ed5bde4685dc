"""What became of a run: its DAG runs, rows, jobs, models and failures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from operate.connection import Connection
from operate.dag_runs import DagRun, Task
from operate.errors import UsageError
from operate.gathering import GatheredRun, gathered
from operate.jobs import Job
from operate.results import rejected_location, rejection_examples, rejection_reasons
from operate.runbook import entry_of, link_to
from operate.taken_columns import taken_columns
from operate.task_logs import raised, task_log


def find_run(connection: Connection, pipeline: str, name: str) -> DagRun:
    """A pipeline's DAG run by its id or by its run."""
    dag_id = connection.dag_id(pipeline)
    found = connection.airflow.find(dag_id, name)
    if found is None:
        raise UsageError(
            f"{dag_id} has no run {name}: {connection.command('status')} shows the last ones"
        )
    return found


def explained(connection: Connection, pipeline: str, run: str) -> dict[str, Any]:
    """The run from the raw file to the models of the pipelines that train on it.

    Of an ML pipeline alone, if `pipeline` is one.
    """
    return explanation_of(connection, gathered(connection, pipeline, run))


def explanation_of(connection: Connection, run: GatheredRun) -> dict[str, Any]:
    """What became of a run that is gathered already."""
    models = {name: found and _model(found) for name, found in run.summaries.items()}
    manifest = {} if run.manifest is None else run.manifest.content
    rejected = sorted(run.rejected, key=lambda row: int(row["record"]))
    reasons = manifest.get("reasons", rejection_reasons(run.rejected))
    return {
        "run": run.run,
        "state": run.state,
        "dag_runs": [each.summary() for each in run.dag_runs.values()],
        "rows": run.rows,
        "rejected": {
            "location": rejected_location(run.data, run.run),
            "reasons": reasons,
            # The job counts them all; without its manifest, those are counted that were read.
            "counted_in": None if "reasons" in manifest else len(run.rejected),
            "examples": rejection_examples(rejected, reasons),
        },
        "split": manifest.get("split"),
        "columns": taken_columns(manifest, rejected),
        "jobs": [_job(each) for each in run.jobs],
        "models": models,
        "failures": list(_failures(connection, list(run.dag_runs.values()))),
    }


def _job(job: Job) -> dict[str, Any]:
    shown = ("pipeline", "name", "state", "seconds", "compute_seconds", "unit")
    return {name: getattr(job, name) for name in shown}


def _model(found: dict[str, Any]) -> dict[str, Any]:
    names = ("outcome", "training_job_name", "model_artifact", "metrics", "rows_kept_until")
    return {**{name: found.get(name) for name in names}, "trainings": found.get("trainings", [])}


def _failures(connection: Connection, dag_runs: list[DagRun]) -> Iterator[dict[str, Any]]:
    failed = [each for each in dag_runs if each.state == "failed"]
    for task in connection.airflow.tasks(failed) if failed else []:
        if task.state == "failed":
            yield _failure(connection, task)


def _failure(connection: Connection, task: Task) -> dict[str, Any]:
    sentence = raised(task_log(connection, task))
    heading = entry_of(sentence or "")
    return {
        "dag_id": task.dag_id,
        "task_id": task.task_id,
        "attempts": task.attempt,
        "sentence": sentence,
        "runbook": {"entry": heading, "link": link_to(heading)},
    }
