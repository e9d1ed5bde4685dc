"""All that a run left in Airflow, Glue, SageMaker and S3, gathered once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from operate.connection import Connection
from operate.dag_runs import DagRun, Task
from operate.jobs import Job, glue_job_runs, training_jobs
from operate.outputs import DataPipeline, MlPipeline
from operate.results import Document, manifest, rejected_rows, summary


@dataclass(frozen=True, kw_only=True)
class GatheredRun:
    """A data pipeline's run, and what the ML pipelines made of it.

    What isn't there, or isn't there yet, is missing: DAG runs, jobs, None for a document. An ML
    pipeline with several sources names its training by itself: its DAG run knows the name.
    """

    run: str
    source: str
    data: DataPipeline
    ml_pipelines: dict[str, MlPipeline]
    dag_runs: dict[str, DagRun]
    """By the pipeline."""
    jobs: list[Job]
    manifest: Document | None
    summaries: dict[str, dict[str, Any] | None]
    rejected: list[dict[str, Any]]
    """The first rejected rows, as the Glue job wrote them."""

    @property
    def state(self) -> str:
        """Of the whole."""
        return state_of(self.dag_runs.values(), self.ml_pipelines)

    @property
    def rows(self) -> dict[str, int] | None:
        """How many rows went where, once the run is published."""
        return None if self.manifest is None else self.manifest.content["rows"]

    def artifact(self, ml_pipeline: str) -> str | None:
        """The S3 URI of the model that an ML pipeline made of the run, if it has."""
        return (self.summaries[ml_pipeline] or {}).get("model_artifact")

    def tasks(self, connection: Connection) -> list[Task]:
        """The tasks of all its DAG runs, in the order of their starts."""
        return connection.airflow.tasks(list(self.dag_runs.values()))


def state_of(dag_runs: Collection[DagRun], ml_pipelines: Collection[str]) -> str:
    """Of a whole run: a success once the data pipeline's DAG run and each ML pipeline's is one."""
    states = {each.state for each in dag_runs}
    if "failed" in states:
        return "failed"
    is_complete = len(dag_runs) > len(ml_pipelines)
    return "success" if states == {"success"} and is_complete else "running"


def training_of(pipeline: MlPipeline, run: str, dag_run: DagRun | None) -> str | None:
    """The run that an ML pipeline trained on, which was triggered by `run`."""
    if not pipeline.sources:
        return run
    return None if dag_run is None else dag_run.run


def _origin(connection: Connection, pipeline: str, run: str) -> tuple[str, str]:
    """The data pipeline's run: of a training on several sources, the one that triggered it."""
    source = connection.data_pipeline_of(pipeline)
    ml = connection.stack.ml_pipelines.get(pipeline)
    if ml is not None and ml.sources:
        # A DAG run that trains again on it names no source.
        for dag_run in connection.airflow.found(connection.dag_id(pipeline), run):
            triggered, _, by = dag_run.run_id.partition("_")
            if by in ml.sources:
                return by, triggered
    return source, run


def jobs_and_summary(
    connection: Connection, name: str, pipeline: MlPipeline, run: str, dag_run: DagRun | None
) -> tuple[list[Job], dict[str, Any] | None]:
    """The training jobs of all trainings on a run, the oldest first, and the run's summary."""
    found = summary(connection, pipeline, run)
    listed = [each["training"] for each in (found or {}).get("trainings", [])]
    # One that isn't over is in no summary yet.
    own = [] if dag_run is None else [dag_run.training]
    jobs = [
        job
        for training in sorted({run, *listed, *own})
        for job in training_jobs(connection, name, pipeline, training)
    ]
    return jobs, found


def gathered(connection: Connection, pipeline: str, run: str) -> GatheredRun:
    """The run from the raw file to the models of the pipelines that train on it.

    Of an ML pipeline alone, if `pipeline` is one.
    """
    source, run = _origin(connection, pipeline, run)
    data = connection.stack.data_pipelines[source]
    ml_pipelines = {
        name: each
        for name, each in connection.stack.ml_pipelines_of(source).items()
        if pipeline in (source, name)
    }
    ids = {name: each.triggered_by(source, run) for name, each in ml_pipelines.items()}
    found = {
        name: connection.airflow.find(connection.dag_id(name), run_id)
        for name, run_id in {source: run, **ids}.items()
    }
    jobs = glue_job_runs(connection, source, data, {run})
    summaries: dict[str, dict[str, Any] | None] = dict.fromkeys(ml_pipelines)
    for name, each in ml_pipelines.items():
        trained = training_of(each, run, found[name])
        if trained:
            own, summaries[name] = jobs_and_summary(connection, name, each, trained, found[name])
            jobs += own
    published = manifest(connection, data, run)
    attempt = None if published is None else str(published.content["attempt"])
    return GatheredRun(
        run=run,
        source=source,
        data=data,
        ml_pipelines=ml_pipelines,
        dag_runs={name: each for name, each in found.items() if each is not None},
        jobs=jobs,
        manifest=published,
        summaries=summaries,
        rejected=rejected_rows(connection, data, run, attempt),
    )
