"""Makes a backup of Airflow's metadata: which DAGs are paused, the variables, every DAG run.

ENVIRONMENT_NAME names the Amazon MWAA environment, BUCKET_NAME and BUCKET_REGION where the backup
goes. Connections aren't in it: they are secrets, which the deployment makes.
"""

from __future__ import annotations

import gzip
import json
import logging
import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

from clients.airflow_rest_api import AirflowRestApi, rows
from clients.paused_dags import PausedDags

PREFIX = "metadata/"

METRICS = "UnifiedPipelines"
"""The namespace of the metric by which an alarm sees that backups are made."""

LOG = logging.getLogger("back_up")
LOG.setLevel(logging.INFO)

_KEPT = (
    *("dag_id", "dag_run_id", "run_type", "state", "conf", "note", "logical_date", "run_after"),
    *("data_interval_start", "data_interval_end", "start_date", "end_date"),
)
"""What is kept of a DAG run."""

# Amazon MWAA answers ten requests in a second; botocore waits and tries again after a refusal.
_CONFIG = Config(retries={"mode": "adaptive", "total_max_attempts": 8})


@cache
def mwaa() -> Any:
    """The client of Amazon MWAA, created at the first invocation and reused."""
    return boto3.client("mwaa", config=_CONFIG)


@cache
def s3() -> Any:
    """The client of S3 in the backups' Region."""
    return boto3.client("s3", region_name=os.environ["BUCKET_REGION"])


def handler(_event: Mapping[str, Any], _context: Any) -> dict[str, Any]:
    """Lambda's entry point; returns where the backup is, and what it holds, counted."""
    now = datetime.now(UTC)
    found = metadata(AirflowRestApi(mwaa(), os.environ["ENVIRONMENT_NAME"]), now)
    bucket, key = os.environ["BUCKET_NAME"], f"{PREFIX}{now:%Y%m%dT%H%M%SZ}.json.gz"
    s3().put_object(Bucket=bucket, Key=key, Body=gzip.compress(json.dumps(found).encode()))
    counts = {name: len(found[name]) for name in ("dags", "variables", "dag_runs")}
    LOG.info("Written to s3://%s/%s: %s", bucket, key, counts)
    _report()
    return {"bucket": bucket, "key": key, **counts}


def metadata(api: AirflowRestApi, now: datetime) -> dict[str, Any]:
    """What a backup holds. DAGs that an update has paused for a while count as unpaused."""
    for_update = set(PausedDags(api).recorded())
    dags = {
        row["dag_id"]: row["is_paused"] and row["dag_id"] not in for_update
        for row in rows(api, "/dags", "dags")
    }
    variables = [
        {name: row[name] for name in ("key", "value", "description")}
        for row in rows(api, "/variables", "variables")
    ]
    # By id, so that runs that start meanwhile come last.
    dag_runs = rows(api, "/dags/~/dagRuns", "dag_runs", order_by="id")
    return {
        "taken_at": now.isoformat(),
        "environment": os.environ["ENVIRONMENT_NAME"],
        "dags": dags,
        "variables": variables,
        "dag_runs": [{name: row[name] for name in _KEPT} for row in dag_runs],
    }


def _report() -> None:
    """Count the backup, in CloudWatch's embedded metric format."""
    metric = {"Name": "BackupsWritten", "Unit": "Count"}
    about = {"Namespace": METRICS, "Dimensions": [["FunctionName"]], "Metrics": [metric]}
    line = {
        "_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [about]},
        "FunctionName": os.environ["AWS_LAMBDA_FUNCTION_NAME"],
        "BackupsWritten": 1,
    }
    print(json.dumps(line))  # noqa: T201 (CloudWatch reads no line with a prefix)
