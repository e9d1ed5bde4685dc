"""The metrics of runs, in Amazon CloudWatch in the hub's account and Region.

They are written as the environment's execution role, without a connection: so that they are in one
place, and a broken connection is counted too.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from airflow.providers.amazon.aws.hooks.base_aws import AwsBaseHook
from airflow.sdk import task
from botocore.exceptions import BotoCoreError  # type: ignore[import-untyped]

from cross_account.aws_error import ClientError
from cross_account.topology_file import HubEntry

NAMESPACE = "UnifiedPipelines"

WAIT_FOR_FILES = "wait_for_files"
"""The task that waits until S3 has replicated a run."""

_ROWS = {
    "InputRows": "input",
    "TrainingRows": "train",
    "ValidationRows": "validation",
    "RejectedRows": "rejected",
    "DuplicateRows": "duplicates",
}
"""The metrics of a manifest's row counts."""

_LOG = logging.getLogger(__name__)

_Hook: Any = AwsBaseHook
"""Its methods have no types."""


@task
def report_data_run(
    hub: dict[str, Any], pipeline: str, rows: Mapping[str, int] | None, dag_run: Any = None
) -> None:
    """Count a run that has succeeded, with its rows, unless a user marked their task a success."""
    of_rows = {metric: rows[name] for metric, name in _ROWS.items()} if rows else {}
    _write(hub, pipeline, {**_success(dag_run), **of_rows})


@task
def report_ml_run(
    hub: dict[str, Any],
    pipeline: str,
    training: Mapping[str, Any] | None,
    dag_run: Any = None,
    ti: Any = None,
) -> None:
    """Count a run that has succeeded, with its replication, its training job's time and metrics.

    Without what a user marked a success.
    """
    waited = ti.xcom_pull(task_ids=WAIT_FOR_FILES)
    of_replication = {} if waited is None else {"ReplicationSeconds": waited}
    of_job = _of_job(training["Training"]) if training else {}
    _write(hub, pipeline, {**_success(dag_run), **of_replication, **of_job})


def _of_job(job: Mapping[str, Any]) -> dict[str, float]:
    found = {each["MetricName"]: each["Value"] for each in job.get("FinalMetricDataList", [])}
    return {"TrainingSeconds": job.get("TrainingTimeInSeconds", 0), **found}


def report_failure(hub: HubEntry, pipeline: str) -> None:
    """Count a run that has failed."""
    _write(hub.model_dump(), pipeline, {"FailedRuns": 1})


def _success(dag_run: Any) -> dict[str, float]:
    duration = datetime.now(UTC) - dag_run.start_date
    # The zero ends the alarm of a run that failed before.
    return {"SuccessfulRuns": 1, "FailedRuns": 0, "RunSeconds": duration.total_seconds()}


def _write(hub: Mapping[str, Any], pipeline: str, metrics: Mapping[str, float]) -> None:
    """Write a value of each metric; where that fails, the run stays as it is."""
    of = [{"Name": "Stack", "Value": hub["stack"]}, {"Name": "Pipeline", "Value": pipeline}]
    values = [
        {"MetricName": name, "Value": value, "Unit": _unit(name), "Dimensions": of}
        for name, value in metrics.items()
    ]
    try:
        client = _Hook(aws_conn_id=None, client_type="cloudwatch", region_name=hub["region"]).conn
        client.put_metric_data(Namespace=NAMESPACE, MetricData=values)
    except (BotoCoreError, ClientError) as error:
        _LOG.warning("The run's metrics couldn't be written: %s", error)


def _unit(metric: str) -> str:
    if metric.endswith("Seconds"):
        return "Seconds"
    return "Count" if metric.endswith(("Runs", "Rows")) else "None"
