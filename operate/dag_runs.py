"""Airflow's DAG runs and tasks, as its REST API describes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from dags.cross_account.run import run_of, training_of


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True)

    started: datetime | None = Field(alias="start_date")
    ended: datetime | None = Field(alias="end_date")

    @property
    def seconds(self) -> float | None:
        """Its end minus its start; None until it has ended."""
        if self.started is None or self.ended is None:
            return None
        return (self.ended - self.started).total_seconds()


class DagRun(_Row):
    """One run of a DAG."""

    dag_id: str
    run_id: str = Field(alias="dag_run_id")
    state: str
    run_type: str
    logical_date: datetime | None
    run_after: datetime
    conf: dict[str, Any] | None = None

    @property
    def run(self) -> str:
        """The name of the data that it works on, as in the prefixes of S3.

        An ML pipeline's DAG run that was started without one chose the newest: only its log has it.
        """
        return str((self.conf or {}).get("run") or run_of(self))

    @property
    def training(self) -> str:
        """The name of what it trains, where it is an ML pipeline's."""
        return training_of(self, self.run)

    @property
    def is_over(self) -> bool:
        """Whether it succeeded or failed."""
        return self.state in ("success", "failed")

    def summary(self) -> dict[str, Any]:
        """What `--json` says of it."""
        return {
            "dag_id": self.dag_id,
            "dag_run_id": self.run_id,
            "run": self.run,
            "state": self.state,
            "started": self.started and self.started.isoformat(),
            "seconds": self.seconds,
        }


class Task(_Row):
    """One task of a DAG run; Airflow gives it no state before it is scheduled."""

    dag_id: str
    run_id: str = Field(alias="dag_run_id")
    task_id: str
    state: str | None
    attempt: int = Field(alias="try_number")
