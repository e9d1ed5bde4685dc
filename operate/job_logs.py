"""What the jobs wrote to CloudWatch Logs that a run's tasks started."""

from __future__ import annotations

from collections.abc import Callable

from operate.connection import Connection
from operate.jobs import glue_job_runs, training_jobs
from operate.log_events import last_events

_GLUE_STREAMS = ("error", "output")
"""What the names of Glue's log groups end in."""


def job_logs(connection: Connection, pipeline: str, task_id: str, run: str) -> dict[str, list[str]]:
    """The end of each log of the jobs that a task has started, by the job and the log.

    `run` is the name of the training, where the task trains.
    """
    of_task: dict[str, Callable[[Connection, str, str], dict[str, list[str]]]] = {
        "raw_to_transform": _glue_logs,
        "train": _training_logs,
    }
    return of_task[task_id](connection, pipeline, run) if task_id in of_task else {}


def _glue_logs(connection: Connection, name: str, run: str) -> dict[str, list[str]]:
    pipeline = connection.stack.data_pipeline(name)
    logs = connection.in_pipeline("logs", pipeline)
    return {
        f"{job.name} {kind}": last_events(logs, f"{job.log_group}/{kind}", job.name)
        for job in glue_job_runs(connection, name, pipeline, {run})
        for kind in _GLUE_STREAMS
    }


def _training_logs(connection: Connection, name: str, run: str) -> dict[str, list[str]]:
    pipeline = connection.stack.ml_pipelines[name]
    logs = connection.in_pipeline("logs", pipeline)
    found = {}
    for job in training_jobs(connection, name, pipeline, run):
        streams = logs.describe_log_streams(
            logGroupName=job.log_group, logStreamNamePrefix=f"{job.name}/"
        )["logStreams"]
        for stream in streams:
            stream_name = stream["logStreamName"]
            found[stream_name] = last_events(logs, job.log_group, stream_name)
    return found
