"""The settings that both DAGs share, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from airflow.sdk import BaseOperator

from cross_account.connection_guard import require_pipeline_role
from cross_account.topology import Pipeline

MAX_ACTIVE_RUNS = 4
"""Runs of one DAG at a time. They don't disturb one another; this keeps one pipeline from taking
every worker slot, and stays well under the Glue job's default of ten concurrent runs."""

POLL_SECONDS = 5
"""Between two looks at a job. `MAX_ACTIVE_RUNS` jobs make less than one call a second, and a job
that takes seconds isn't waited for much longer than it takes."""

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

CLEANUP_CLIENT: Mapping[str, Any] = {
    # The longest that a Lambda function may run: the client's own 60 seconds would give up first,
    "read_timeout": 900,
    # and invoke it once more while it runs. Airflow retries instead; the function is idempotent.
    "retries": {"max_attempts": 0},
    # A NAT gateway drops a connection that is silent for 350 seconds.
    "tcp_keepalive": True,
}

CLEANUP_TIMEOUT = timedelta(seconds=CLEANUP_CLIENT["read_timeout"]) + timedelta(minutes=5)


def job_attempts(limit_seconds: int) -> int:
    """How often to look at a job that ends itself after `limit_seconds`."""
    return -(-(limit_seconds + JOB_MARGIN_SECONDS) // POLL_SECONDS)


def default_args(pipeline: Pipeline) -> dict[str, Any]:
    """The arguments of every task of a DAG of `pipeline`."""
    return {
        "owner": pipeline.name,
        "pre_execute": require_pipeline_role,
        "retries": 3,
        "retry_delay": timedelta(seconds=10),
        "retry_exponential_backoff": _doubling(),
        "max_retry_delay": timedelta(minutes=5),
        # Of the work in a worker; a wait is deferred and has its own limit.
        "execution_timeout": timedelta(minutes=10),
    }


def _doubling() -> bool | int:
    """Airflow 3.0 has a switch where later versions have the factor, and each refuses the other."""
    return True if isinstance(BaseOperator.retry_exponential_backoff, bool) else 2
