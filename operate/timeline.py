"""When a run did what, and in which account and Region: tasks, jobs and replication."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from operate.connection import Connection
from operate.dag_runs import Task
from operate.gathering import GatheredRun
from operate.outputs import DataPipeline, MlPipeline

_EVERY_FILE_IS_THERE = "wait_for_files"
"""The task of an ML DAG that ends once each replicated file has been seen."""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """Something that took time; what isn't over has no end yet."""

    name: str
    state: str
    started: datetime
    ended: datetime | None


@dataclass(frozen=True, kw_only=True)
class Lane:
    """What one service did in one account and Region."""

    service: str
    of: str
    where: str
    bars: tuple[Bar, ...]


def timeline(connection: Connection, run: GatheredRun, tasks: list[Task]) -> list[Lane]:
    """The lanes of a run from the raw file to the models, those without a bar left out."""
    lanes = [
        _airflow(connection, run.source, tasks),
        _jobs(run, "AWS Glue", run.source, run.data),
    ]
    for name, pipeline in run.ml_pipelines.items():
        lanes += [
            _replication(connection, run, name, tasks),
            _airflow(connection, name, tasks),
            _jobs(run, "SageMaker", name, pipeline),
        ]
    return [lane for lane in lanes if lane.bars]


def _airflow(connection: Connection, pipeline: str, tasks: list[Task]) -> Lane:
    stack, dag_id = connection.stack, connection.dag_id(pipeline)
    bars = [
        Bar(name=task.task_id, state=task.state or "", started=task.started, ended=task.ended)
        for task in tasks
        if task.dag_id == dag_id and task.started is not None
    ]
    where = f"account {stack.hub_account_id}, {stack.hub_region}"
    return Lane(service="Airflow", of=dag_id, where=where, bars=tuple(bars))


def _jobs(run: GatheredRun, service: str, name: str, pipeline: DataPipeline | MlPipeline) -> Lane:
    kind = "job run" if isinstance(pipeline, DataPipeline) else "training job"
    bars = [
        Bar(name=kind, state=job.state, started=job.started, ended=job.ended)
        for job in sorted(run.jobs, key=lambda job: job.started)
        if job.pipeline == name
    ]
    return Lane(service=service, of=name, where=_where(pipeline), bars=tuple(bars))


def _replication(connection: Connection, run: GatheredRun, name: str, tasks: list[Task]) -> Lane:
    pipeline = run.ml_pipelines[name]
    bars = tuple(_replicated(run, connection.dag_id(name), tasks))
    where = f"{_where(run.data)} to {_where(pipeline)}"
    return Lane(service="S3 replication", of=f"to {name}", where=where, bars=bars)


def _replicated(run: GatheredRun, dag_id: str, tasks: list[Task]) -> Iterator[Bar]:
    """From the manifest, which is written last, until the ML DAG has seen every file.

    A replica has its original's time, so that S3 doesn't tell when it arrived.
    """
    waited = (dag_id, _EVERY_FILE_IS_THERE)
    for task in tasks:
        if run.manifest is not None and (task.dag_id, task.task_id) == waited:
            yield Bar(
                name="until all files are seen",
                state=(task.state if task.ended else None) or "running",
                started=run.manifest.written,
                ended=task.ended,
            )


def _where(pipeline: DataPipeline | MlPipeline) -> str:
    return f"account {pipeline.account_id}, {pipeline.region}"
