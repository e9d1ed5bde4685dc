"""The jobs of a run: what Glue and SageMaker say of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from botocore.exceptions import ClientError

from dags.cross_account.run import moment_of
from operate.connection import Connection
from operate.outputs import DataPipeline, MlPipeline

_Found = TypeVar("_Found")

_CLOCKS_DIFFER = timedelta(hours=1)

_MOST_TRAINING_JOBS = 99
"""A training's jobs are `<prefix>-<training>`, then `-2` to `-99`; its tuning jobs fewer."""

_NOT_FOUND = ("ValidationException", "ResourceNotFound")
"""SageMaker's codes for a training job and for a tuning job that doesn't exist."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """A Glue job run of a run, or a training job of a training, which `run` names.

    `compute_seconds` are what AWS bills by `unit`.
    """

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


def training_jobs(
    connection: Connection, name: str, pipeline: MlPipeline, training: str
) -> list[Job]:
    """The jobs of a training, in the order of their starts."""
    sagemaker = connection.in_pipeline("sagemaker", pipeline)
    prefix = f"{pipeline.training_job_name_prefix}-{training}"
    found = _tuned(sagemaker, prefix) if pipeline.tunes else _described(sagemaker, prefix)
    return [_training_job(name, training, each) for each in found]


def _described(sagemaker: Any, name: str) -> list[dict[str, Any]]:
    return list(
        _until_not_found(name, lambda each: sagemaker.describe_training_job(TrainingJobName=each))
    )


def _tuned(sagemaker: Any, name: str) -> list[dict[str, Any]]:
    """The descriptions of the training jobs of a run's tuning jobs."""
    pages = sagemaker.get_paginator("list_training_jobs_for_hyper_parameter_tuning_job")

    def jobs_of(each: str) -> list[dict[str, Any]]:
        listed = pages.paginate(HyperParameterTuningJobName=each)
        names = [job["TrainingJobName"] for page in listed for job in page["TrainingJobSummaries"]]
        return [sagemaker.describe_training_job(TrainingJobName=job) for job in names]

    return [job for jobs in _until_not_found(name, jobs_of) for job in jobs]


def _until_not_found(name: str, look: Callable[[str], _Found]) -> Iterator[_Found]:
    """What is found of `name`, `name-2`..., as far as there are such jobs."""
    for each in [name, *(f"{name}-{number}" for number in range(2, _MOST_TRAINING_JOBS + 1))]:
        try:
            found = look(each)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _NOT_FOUND:
                raise
            return
        yield found


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
