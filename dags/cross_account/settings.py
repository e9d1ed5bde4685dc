"""The settings that both DAGs share, each with its reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cross_account.connection_guard import require_pipeline_role
from cross_account.topology import Pipeline

MAX_ACTIVE_RUNS = 4
"""Runs of one DAG at a time. They don't disturb one another; this keeps one pipeline from taking
every worker slot, and stays well under the Glue job's default of ten concurrent runs."""

LOOKS_PER_JOB = 720
SHORTEST_POLL_SECONDS = 5
LONGEST_POLL_SECONDS = 60

JOB_MARGIN_SECONDS = 1800
"""Beyond a job's own limit: neither Glue's nor SageMaker's counts the time until it has started,
and SageMaker's not the upload of the model either."""

RAW_POLL_SECONDS = 60
RAW_TIMEOUT = timedelta(hours=1)

REPLICATION_POLL_SECONDS = 5
REPLICATION_TIMEOUT = timedelta(hours=2)
"""S3 replicates nearly everything within 15 minutes, but promises it only for a fee."""

PAID_JOB_RETRIES = 1
"""A job that was paid for and failed twice won't heal."""

SHORTEST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(minutes=5)
"""Between two attempts at the same thing: pauses double from the one to the other."""

MOST_WAITS_FOR_ROOM = 28
"""With these pauses about two hours, until a job that AWS has no room for is given up."""

CLEANUP_MARGIN_SECONDS = 30
"""Beyond the clean-up function's own limit: until it has started, and its answer is there. With the
function's 300 seconds it stays under the 350 after which a NAT gateway drops a silent connection.
"""


def cleanup_client(limit_seconds: int) -> dict[str, Any]:
    """How the client waits for a clean-up function that ends itself after `limit_seconds`.

    Anew each time, as botocore changes it.
    """
    return {
        # The client's own 60 seconds would give up before the function does,
        "read_timeout": limit_seconds + CLEANUP_MARGIN_SECONDS,
        # and invoke it once more while it runs. Airflow retries instead; it is idempotent.
        "retries": {"max_attempts": 0},
    }


def pause_after(waits: int) -> timedelta:
    """How long to wait for room for a job, after `waits` such waits."""
    doubled: timedelta = SHORTEST_PAUSE * 2**waits
    return min(LONGEST_PAUSE, doubled)


def poll_seconds(limit_seconds: int) -> int:
    """Between two looks at a job that ends itself after `limit_seconds`.

    Seconds for a job of minutes, a minute for a job of days.
    """
    return min(LONGEST_POLL_SECONDS, max(SHORTEST_POLL_SECONDS, limit_seconds // LOOKS_PER_JOB))


def job_wait_seconds(limit_seconds: int) -> int:
    """How long to wait for a job that ends itself after `limit_seconds`."""
    return limit_seconds + JOB_MARGIN_SECONDS


def job_attempts(limit_seconds: int) -> int:
    """How often to look at a job that ends itself after `limit_seconds`.

    Looks are counted, not seconds: each takes its own time besides the pause after it.
    """
    return -(-job_wait_seconds(limit_seconds) // poll_seconds(limit_seconds))


def default_args(pipeline: Pipeline) -> dict[str, Any]:
    """The arguments of every task of a DAG of `pipeline`."""
    return {
        "owner": pipeline.name,
        "pre_execute": require_pipeline_role,
        "retries": 3,
        "retry_delay": SHORTEST_PAUSE,
        # Airflow 3.0 refuses a factor; later versions store this as a factor of two.
        "retry_exponential_backoff": True,
        "max_retry_delay": LONGEST_PAUSE,
        # Of the work in a worker. A training task's wait would inherit it, and has its own limit.
        "execution_timeout": timedelta(minutes=10),
    }
