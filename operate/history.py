"""The last runs of a data pipeline beside one of its runs: how long, how much, how good."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from operate.connection import Connection
from operate.dag_runs import DagRun
from operate.gathering import GatheredRun, jobs_and_summary, state_of, training_of
from operate.jobs import Job, glue_job_runs
from operate.results import manifest

_LAST = 10
"""Runs that are looked at."""


def last_runs(connection: Connection, run: GatheredRun) -> list[dict[str, Any]]:
    """The pipeline's newest runs and `run` itself, the oldest first."""
    dag_runs = {name: _newest(connection, run, name) for name in (run.source, *run.ml_pipelines)}
    for name, each in run.dag_runs.items():
        dag_runs[name][run.run] = each
    runs = dag_runs[run.source]
    if not runs:
        return []
    jobs = glue_job_runs(connection, run.source, run.data, runs.keys())
    return [
        _row(connection, run, name, dag_runs, [job for job in jobs if job.run == name])
        for name in sorted(runs)
    ]


def _newest(connection: Connection, of: GatheredRun, pipeline: str) -> dict[str, DagRun]:
    """The newest DAG runs of a pipeline, by the data pipeline's run that they belong to."""
    found = connection.airflow.last_dag_runs(connection.dag_id(pipeline), _LAST)
    ml = of.ml_pipelines.get(pipeline)
    if ml is None or not ml.sources:
        return {each.run: each for each in found}
    return {each.run_id.removesuffix(f"_{of.source}"): each for each in found}


def _row(
    connection: Connection,
    of: GatheredRun,
    run: str,
    dag_runs: dict[str, dict[str, DagRun]],
    glue: list[Job],
) -> dict[str, Any]:
    found = {name: runs[run] for name, runs in dag_runs.items() if run in runs}
    training: list[Job] = []
    metrics: dict[str, Any] = {}
    for name, pipeline in of.ml_pipelines.items():
        trained = training_of(pipeline, run, found.get(name))
        own, ended = (
            jobs_and_summary(connection, name, pipeline, trained, found.get(name))
            if trained
            else ([], None)
        )
        training += own
        metrics[name] = (ended or {}).get("metrics", {})
    published = manifest(connection, of.data, run)
    return {
        "run": run,
        "is_this": run == of.run,
        "state": state_of(found.values(), of.ml_pipelines),
        "seconds": _whole(list(found.values())),
        "data_seconds": found[of.source].seconds,
        "rows": published and published.content["rows"]["input"],
        "glue_seconds": _compute(glue),
        "training_seconds": _compute(training),
        "metrics": metrics,
    }


def _whole(dag_runs: list[DagRun]) -> float | None:
    """From the first start to the last end, once all have ended."""
    starts = [each.started for each in dag_runs if each.started]
    ends: list[datetime] = [each.ended for each in dag_runs if each.ended]
    if not starts or len(ends) < len(dag_runs):
        return None
    return (max(ends) - min(starts)).total_seconds()


def _compute(jobs: list[Job]) -> float | None:
    billed = [job.compute_seconds for job in jobs if job.compute_seconds is not None]
    return sum(billed) if billed else None
