"""The jobs of a run: what Glue and SageMaker say of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from dags.cross_account.run import moment_of
from operate.connection import Connection
from operate.outputs import DataPipeline, MlPipeline

_CLOCKS_DIFFER = timedelta(hours=1)

_MOST_TRAINING_JOBS = 99
"""A run's training jobs are `<prefix>-<run>`, then `-2` to `-99`."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """A Glue job run or a training job of a run; `compute_seconds` are what AWS bills by `unit`."""

    run: str
    pipeline: str
    name: str
    state: str
    started: datetime
    ended: datetime | None
    seconds: float | None
    compute_seconds: float | None
    unit: str
    log_group: str


def glue_job_runs(
    connection: Connection, name: str, pipeline: DataPipeline, runs: Collection[str]
) -> list[Job]:
    """The job runs of some runs, the newest first."""
    glue = connection.in_pipeline("glue", pipeline)
    earliest = min(moment_of(run) for run in runs) - _CLOCKS_DIFFER
    found = []
    for page in glue.get_paginator("get_job_runs").paginate(JobName=pipeline.glue_job_name):
        found += [each for each in page["JobRuns"] if each["Arguments"].get("--run") in runs]
        if any(each["StartedOn"] < earliest for each in page["JobRuns"]):
            break
    return [_glue_job_run(name, each) for each in found]


def training_jobs(connection: Connection, name: str, pipeline: MlPipeline, run: str) -> list[Job]:
    """The training jobs of a run, in the order of their starts."""
    sagemaker = connection.in_pipeline("sagemaker", pipeline)
    prefix = f"{pipeline.training_job_name_prefix}-{run}"
    return [_training_job(name, run, each) for each in _described(sagemaker, prefix)]


def _described(sagemaker: Any, name: str) -> Iterator[dict[str, Any]]:
    names = [name, *(f"{name}-{number}" for number in range(2, _MOST_TRAINING_JOBS + 1))]
    for each in names:
        try:
            yield sagemaker.describe_training_job(TrainingJobName=each)
        except ClientError as error:
            # SageMaker's code for a job that doesn't exist.
            if error.response["Error"]["Code"] != "ValidationException":
                raise
            return


def _glue_job_run(pipeline: str, run: dict[str, Any]) -> Job:
    took = run.get("ExecutionTime")
    # Glue measures the units itself where it scales; a worker's are in its type, such as G.2X.
    per_worker = float(run["WorkerType"].partition(".")[2].removesuffix("X"))
    billed = run.get("DPUSeconds") or (took and took * run["NumberOfWorkers"] * per_worker)
    return Job(
        run=run["Arguments"]["--run"],
        pipeline=pipeline,
        name=run["Id"],
        state=run["JobRunState"],
        started=run["StartedOn"],
        ended=run.get("CompletedOn"),
        seconds=took,
        compute_seconds=billed,
        unit="DPU",
        log_group=run.get("LogGroupName", ""),
    )


def _training_job(pipeline: str, run: str, job: dict[str, Any]) -> Job:
    resources, billed = job["ResourceConfig"], job.get("BillableTimeInSeconds")
    return Job(
        run=run,
        pipeline=pipeline,
        name=job["TrainingJobName"],
        state=job["TrainingJobStatus"],
        started=job["CreationTime"],
        ended=job.get("TrainingEndTime"),
        seconds=job.get("TrainingTimeInSeconds"),
        compute_seconds=None if billed is None else billed * resources["InstanceCount"],
        unit=resources["InstanceType"],
        log_group="/aws/sagemaker/TrainingJobs",
    )
