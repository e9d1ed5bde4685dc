"""What became of a run: its DAG runs, rows, jobs, models and failures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from operate.connection import Connection
from operate.dag_runs import DagRun, Task
from operate.errors import UsageError
from operate.jobs import Job, glue_job_runs, training_jobs
from operate.results import manifest, rejected_location, rejection_reasons, summary
from operate.runbook import entry_of, link_to
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
    source = connection.data_pipeline_of(pipeline)
    data = connection.stack.data_pipelines[source]
    ml_pipelines = {
        name: each
        for name, each in connection.stack.ml_pipelines_of(source).items()
        if pipeline in (source, name)
    }
    dag_runs = [
        found
        for name in (source, *ml_pipelines)
        if (found := connection.airflow.find(connection.dag_id(name), run)) is not None
    ]
    jobs = glue_job_runs(connection, source, data, run)
    models = {}
    for name, each in ml_pipelines.items():
        jobs += training_jobs(connection, name, each, run)
        models[name] = summary(connection, each, run)
    published = manifest(connection, data, run)
    return {
        "run": run,
        "state": _state(dag_runs, len(ml_pipelines)),
        "dag_runs": [each.summary() for each in dag_runs],
        "rows": published and published["rows"],
        "rejected": _rejected(connection, source, run),
        "jobs": [_job(each) for each in jobs],
        "models": {name: found and _model(found) for name, found in models.items()},
        "failures": list(_failures(connection, dag_runs)),
    }


def _state(dag_runs: list[DagRun], ml_pipelines: int) -> str:
    states = {each.state for each in dag_runs}
    if "failed" in states:
        return "failed"
    return "success" if states == {"success"} and len(dag_runs) > ml_pipelines else "running"


def _rejected(connection: Connection, source: str, run: str) -> dict[str, Any]:
    data = connection.stack.data_pipelines[source]
    return {
        "location": rejected_location(data, run),
        "reasons": rejection_reasons(connection, data, run),
    }


def _job(job: Job) -> dict[str, Any]:
    return {name: value for name, value in asdict(job).items() if name != "log_group"}


def _model(found: dict[str, Any]) -> dict[str, Any]:
    names = ("outcome", "training_job_name", "model_artifact", "metrics")
    return {name: found.get(name) for name in names}


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
