"""A stack, and what its Airflow answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from botocore.session import Session

from operate.airflow_api import AirflowApi
from operate.connection import Connection
from operate.dag_runs import DagRun, Task
from operate.outputs import Target

RUN = "20260102T030405000000"
MOMENT = "2026-01-02T03:04:05Z"
DATA_BUCKET, ML_BUCKET = "data-bucket", "ml-bucket"
OUTPUTS: dict[str, Any] = {
    "environment_name": "environment",
    "airflow_webserver_url": "airflow.example",
    "hub_account_id": "111111111111",
    "hub_region": "us-east-1",
    "alarm_name_prefix": "stack-hub-",
    "uploads": {"queue_url": "https://sqs/waiting", "dead_letter_queue_url": "https://sqs/dead"},
    "operator_role_arns": {
        account: f"arn:aws:iam::{account}:role/operate"
        for account in ("111111111111", "222222222222")
    },
    "data_pipelines": {
        "east1": {
            "account_id": "222222222222",
            "region": "us-east-1",
            "source_bucket_name": DATA_BUCKET,
            "raw_key": "raw/{date}.csv",
            "timezone": "UTC",
            "label_column": "label",
            "on_upload": "raw/in/*.csv",
            "glue_job_name": "job",
        }
    },
    "ml_pipelines": {
        "west2": {
            "account_id": "222222222222",
            "region": "us-west-2",
            "source": "east1",
            "destination_bucket_name": ML_BUCKET,
            "training_job_name_prefix": "stack-west2",
        }
    },
}


def client(service: str) -> Any:
    """A client for a Stubber."""
    return Session().create_client(
        service,
        region_name="us-east-1",
        aws_access_key_id="made-up",
        aws_secret_access_key="made-up",
    )


def dag_run_row(dag_id: str, state: str, run_id: str = RUN, **other: Any) -> dict[str, Any]:
    """A DAG run as Airflow's REST API has it."""
    return {
        "dag_id": dag_id,
        "dag_run_id": run_id,
        "state": state,
        "run_type": "manual",
        "logical_date": None,
        "run_after": MOMENT,
        "start_date": MOMENT,
        "end_date": "2026-01-02T03:04:15Z" if state in ("success", "failed") else None,
        "conf": {},
        **other,
    }


def task_row(dag_id: str, task_id: str, state: str | None) -> dict[str, Any]:
    """A task as Airflow's REST API has it."""
    return {
        "dag_id": dag_id,
        "dag_run_id": RUN,
        "task_id": task_id,
        "state": state,
        "try_number": 2,
        "start_date": MOMENT if state else None,
        "end_date": None,
    }


@dataclass
class FakeAirflow:
    """An `AirflowApi`; each look at the followed DAG's is the next of `moments`, then the last."""

    moments: list[list[dict[str, Any]]]
    task_rows: list[dict[str, Any]] = field(default_factory=list)
    paused: set[str] = field(default_factory=set)
    done: list[str] = field(default_factory=list)
    now: list[DagRun] = field(default_factory=list)
    followed: str = "data_east1"

    def is_paused(self, dag_id: str) -> bool:
        return dag_id in self.paused

    def unpause(self, dag_id: str) -> None:
        self.done.append(f"unpause {dag_id}")

    def trigger(
        self, dag_id: str, run: str, moment: datetime, conf: dict[str, Any] | None = None
    ) -> DagRun:
        assert run == f"{moment:%Y%m%dT%H%M%S%f}"
        self.done.append(f"trigger {dag_id}" + (f" {conf}" if conf else ""))
        return DagRun.model_validate(dag_run_row(dag_id, "queued"))

    def start_once(self, dag_id: str, dag_run: dict[str, Any]) -> bool:
        started = f"start {dag_id} {dag_run['dag_run_id']}"
        known = started in self.done
        self.done.extend([] if known else [started])
        return not known

    def dag_run(self, dag_id: str, run_id: str) -> DagRun | None:
        if dag_id == self.followed:
            moment = self.moments.pop(0) if len(self.moments) > 1 else self.moments[0]
            self.now = [DagRun.model_validate(row) for row in moment]
        return self.find(dag_id, run_id)

    def find(self, dag_id: str, name: str) -> DagRun | None:
        found = [each for each in self.now if each.dag_id == dag_id and name in each.run]
        return found[0] if found else None

    def tasks(self, dag_runs: list[DagRun]) -> list[Task]:
        wanted = {each.dag_id for each in dag_runs}
        tasks = [Task.model_validate(row) for row in self.task_rows]
        return [each for each in tasks if each.dag_id in wanted]


class FakeConnection(Connection):
    """A connection to a made-up Airflow, with clients of a test's own."""

    def __init__(
        self, airflow: Any, clients: dict[str, Any] | None = None, task_logs: Path | None = None
    ) -> None:
        # With an endpoint, no credentials of this machine are looked for.
        local = {"endpoint": "http://127.0.0.1:9", "outputs": OUTPUTS, "task_logs": task_logs}
        super().__init__(Target.model_validate(local))
        self.__dict__["airflow"] = airflow
        self._clients = clients or {}

    def in_hub(self, service: str) -> Any:
        return self._clients[service]

    def in_pipeline(self, service: str, _pipeline: Any) -> Any:
        return self._clients[service]


def api(mwaa: Any) -> AirflowApi:
    """The real API on a stubbed client."""
    return AirflowApi(mwaa, "environment")
