"""Airflow's runs and tasks, as far as the local run looks at them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from dags.cross_account.run import run_due_at

WAITING = "waiting"
"""A task that the scheduler hasn't looked at yet: Airflow gives it no state."""


class TaskKey(NamedTuple):
    """One task in one DAG run."""

    dag_id: str
    run_id: str
    task_id: str


@dataclass(frozen=True, kw_only=True)
class Task:
    """A task's state; times are None until it started, or ended."""

    key: TaskKey
    state: str
    attempt: int
    started: datetime | None
    ended: datetime | None

    @property
    def seconds(self) -> float | None:
        """Its end minus its start: the API's own duration is wrong on SQLite."""
        if self.started is None or self.ended is None:
            return None
        return (self.ended - self.started).total_seconds()


@dataclass(frozen=True, kw_only=True)
class DagRun:
    """One run of a DAG; `run` names the data that it works on, as in the prefixes of S3."""

    dag_id: str
    run_id: str
    state: str
    run: str
    started: datetime | None
    ended: datetime | None

    @property
    def is_over(self) -> bool:
        """Whether it succeeded or failed."""
        return self.state in ("success", "failed")

    @property
    def seconds(self) -> float | None:
        """Its end minus its start."""
        if self.started is None or self.ended is None:
            return None
        return (self.ended - self.started).total_seconds()


def task_of(row: dict[str, Any]) -> Task:
    """A task from a row of the REST API."""
    return Task(
        key=TaskKey(row["dag_id"], row["dag_run_id"], row["task_id"]),
        state=row["state"] or WAITING,
        attempt=row["try_number"],
        started=_time(row["start_date"]),
        ended=_time(row["end_date"]),
    )


def dag_run_of(row: dict[str, Any]) -> DagRun:
    """A DAG run from a row of the REST API."""
    return DagRun(
        dag_id=row["dag_id"],
        run_id=row["dag_run_id"],
        state=row["state"],
        run=(row.get("conf") or {}).get("run")
        or run_due_at(datetime.fromisoformat(row["run_after"])),
        started=_time(row["start_date"]),
        ended=_time(row["end_date"]),
    )


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
