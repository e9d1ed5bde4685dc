"""The settings that both DAGs share, each with its reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cross_account.notification import telling
from cross_account.task_guard import check_task
from cross_account.topology_file import HubEntry, PipelineEntry

MAX_ACTIVE_RUNS = 4
"""Runs of one DAG at a time. They are independent; the limit keeps one pipeline from occupying
every worker slot, and stays well below the Glue job's default of ten concurrent runs."""

POLLS_PER_JOB = 720
SHORTEST_POLL_SECONDS = 5
LONGEST_POLL_SECONDS = 60

TUNING_POLLS = 480
"""Of the stock operator for tuning jobs, which takes no other number."""

JOB_MARGIN_SECONDS = 1800
"""Beyond a job's own limit, which counts neither the time before the start nor, with SageMaker, the
upload of the model."""

RAW_POLL_SECONDS = 60
RAW_TIMEOUT = timedelta(hours=1)

REPLICATION_TIMEOUT = timedelta(hours=2)
"""S3 replicates most objects within 15 minutes, but guarantees it only for a fee."""

SHORTEST_REPLICATION_PAUSE_SECONDS = 5
LONGEST_REPLICATION_PAUSE_SECONDS = 60
"""Between two looks: a failed replication is told about a minute later."""

MAX_REPLICATION_WAITS = 123
"""With these pauses `REPLICATION_TIMEOUT`."""

PAID_JOB_RETRIES = 1
"""A paid job that failed twice would fail again."""

SHORTEST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(minutes=5)
"""Between two attempts: pauses double from the shortest to the longest."""

MAX_START_WAITS = 28
"""With these pauses two hours, before a task whose job AWS rejects (quota, throttling) fails."""

CLEANUP_MARGIN_SECONDS = 30
"""Beyond the clean-up function's own limit, for its start and its response. With the function's 300
seconds it stays below the 350 after which a NAT gateway drops an idle connection."""


def cleanup_client(limit_seconds: int) -> dict[str, Any]:
    """How the client waits for a clean-up function whose time-out is `limit_seconds`.

    A new object each time, as botocore changes it.
    """
    return {
        # botocore's default of 60 seconds may end before the function does,
        "read_timeout": limit_seconds + CLEANUP_MARGIN_SECONDS,
        # and its retry would invoke a second one meanwhile. Airflow retries instead.
        "retries": {"max_attempts": 0},
    }


def pause_after(waits: int) -> timedelta:
    """How long to wait before the next attempt to start a job, after `waits` such waits."""
    doubled: timedelta = SHORTEST_PAUSE * 2**waits
    return min(LONGEST_PAUSE, doubled)


def replication_pause(waits: int) -> timedelta:
    """How long to wait before the next look for replicas, after `waits` such waits."""
    doubled = SHORTEST_REPLICATION_PAUSE_SECONDS * 2**waits
    return timedelta(seconds=min(LONGEST_REPLICATION_PAUSE_SECONDS, doubled))


def poll_seconds(limit_seconds: int) -> int:
    """Between two polls of a job whose time-out is `limit_seconds`.

    Seconds for a job of minutes, a minute for a job of days.
    """
    return min(LONGEST_POLL_SECONDS, max(SHORTEST_POLL_SECONDS, limit_seconds // POLLS_PER_JOB))


def job_wait_seconds(limit_seconds: int) -> int:
    """How long to wait for a job whose time-out is `limit_seconds`."""
    return limit_seconds + JOB_MARGIN_SECONDS


def job_attempts(limit_seconds: int) -> int:
    """How often to poll a job whose time-out is `limit_seconds`.

    At least: each poll takes its own time besides the pause after it.
    """
    return -(-job_wait_seconds(limit_seconds) // poll_seconds(limit_seconds))


def tuning_poll_seconds(wait_seconds: int) -> int:
    """Between two polls of a tuning job that is waited for that long, in `TUNING_POLLS`."""
    return max(SHORTEST_POLL_SECONDS, -(-wait_seconds // TUNING_POLLS))


def default_args(pipeline: PipelineEntry, hub: HubEntry) -> dict[str, Any]:
    """The arguments of every task of a DAG of `pipeline`; the hub is told of failed runs."""
    return {
        "owner": pipeline.name,
        "pre_execute": check_task,
        "retries": 3,
        "retry_delay": SHORTEST_PAUSE,
        # Airflow 3.0 takes no factor; later versions store this as a factor of two.
        "retry_exponential_backoff": True,
        "max_retry_delay": LONGEST_PAUSE,
        # Of the work in a worker. The wait for training would inherit it, and sets its own limit.
        "execution_timeout": timedelta(minutes=10),
        "on_failure_callback": telling(pipeline, hub),
    }
