"""Airflow's REST API through InvokeRestApi, whose paths have at most 64 characters (ADR 36)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from http import HTTPStatus
from itertools import count
from typing import Any

from clients.airflow_rest_api import AirflowRestApi, RefusedError
from clients.environment_status import environment_status
from clients.paused_dags import PausedDags
from operate.dag_runs import DagRun, Task
from operate.errors import OperateError

_PAGE = 100
"""Rows per answer: Airflow's own maximum."""


class AirflowError(OperateError):
    """Airflow refused a call; `status` is its HTTP status."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class AirflowApi:
    """The API of one environment; `mwaa` is a client in the hub's account and Region."""

    def __init__(self, mwaa: Any, environment: str) -> None:
        self._mwaa = mwaa
        self._environment = environment
        self._rest_api = AirflowRestApi(mwaa, environment)

    def environment_status(self) -> str:
        """What Amazon MWAA says of the environment, such as `AVAILABLE`."""
        return environment_status(self._mwaa, self._environment)

    def paused_for_update(self) -> list[str]:
        """The DAGs that are paused until an update of the environment is over."""
        return PausedDags(self._rest_api).recorded()

    def unpause_after_update(self) -> list[str]:
        """Unpause those; returns them."""
        return PausedDags(self._rest_api).unpause()

    def is_paused(self, dag_id: str) -> bool | None:
        """Whether a DAG is paused; None where Airflow doesn't know it."""
        found = self._if_known("GET", f"/dags/{dag_id}")
        return None if found is None else bool(found["is_paused"])

    def unpause(self, dag_id: str) -> None:
        """Unpause a DAG."""
        self._call("PATCH", f"/dags/{dag_id}", {"is_paused": False})

    def import_errors(self) -> list[str]:
        """Why DAG files couldn't be loaded."""
        rows = self._call("GET", "/importErrors", query={"limit": str(_PAGE)})["import_errors"]
        return [f"{row['filename']}: {row['stack_trace'].strip().splitlines()[-1]}" for row in rows]

    def trigger(
        self, dag_id: str, run: str, moment: datetime, conf: dict[str, Any] | None = None
    ) -> DagRun:
        """Start the run of `moment` with its name as the id, once: a repeated call finds it."""
        body = {
            "dag_run_id": run,
            "logical_date": None,
            "run_after": moment.isoformat(),
            **({"conf": conf} if conf else {}),
        }
        try:
            return DagRun.model_validate(self._call("POST", f"/dags/{dag_id}/dagRuns", body))
        except AirflowError as error:
            if error.status != HTTPStatus.CONFLICT:
                raise
            return DagRun.model_validate(self._call("GET", f"/dags/{dag_id}/dagRuns/{run}"))

    def start_once(self, dag_id: str, dag_run: dict[str, Any]) -> bool:
        """Start a DAG run with an id of its own; False where it is there already."""
        try:
            self._call("POST", f"/dags/{dag_id}/dagRuns", dag_run)
        except AirflowError as error:
            if error.status != HTTPStatus.CONFLICT:
                raise
            return False
        return True

    def delete_dag_run(self, dag_id: str, run_id: str) -> None:
        """Delete a DAG run with an id of at most 21 characters, and its tasks with it."""
        self._call("DELETE", f"/dags/{dag_id}/dagRuns/{run_id}")

    def dag_run(self, dag_id: str, run_id: str) -> DagRun | None:
        """The DAG run with an id of at most 21 characters."""
        found = self._if_known("GET", f"/dags/{dag_id}/dagRuns/{run_id}")
        return None if found is None else DagRun.model_validate(found)

    def last_dag_runs(self, dag_id: str, number: int) -> list[DagRun]:
        """The newest DAG runs of a DAG."""
        query = {"order_by": "-run_after", "limit": str(number)}
        rows = self._call("GET", f"/dags/{dag_id}/dagRuns", query=query)["dag_runs"]
        return [DagRun.model_validate(row) for row in rows]

    def find(self, dag_id: str, name: str) -> DagRun | None:
        """The newest DAG run with this id, however long, or of this run."""
        return next(self.found(dag_id, name), None)

    def found(self, dag_id: str, name: str) -> Iterator[DagRun]:
        """The DAG runs with this id, or of this run, the newest first."""
        return (each for each in self._dag_runs(dag_id) if name in (each.run_id, each.run))

    def tasks(self, dag_runs: list[DagRun]) -> list[Task]:
        """The tasks of DAG runs in the order of their starts, those to come last."""
        wanted = {(each.dag_id, each.run_id) for each in dag_runs}
        body = {
            "dag_ids": sorted({each.dag_id for each in dag_runs}),
            "dag_run_ids": sorted({each.run_id for each in dag_runs}),
        }
        rows = self._listed("/dags/~/dagRuns/~/taskInstances/list", "task_instances", body)
        tasks = [Task.model_validate(row) for row in rows]
        found = [each for each in tasks if (each.dag_id, each.run_id) in wanted]
        return sorted(found, key=lambda each: (each.started is None, str(each.started)))

    def _dag_runs(self, dag_id: str) -> Iterator[DagRun]:
        body = {"dag_ids": [dag_id], "order_by": "-run_after"}
        for row in self._listed("/dags/~/dagRuns/list", "dag_runs", body):
            yield DagRun.model_validate(row)

    def _listed(self, path: str, name: str, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for offset in count(0, _PAGE):
            page = {"page_limit": _PAGE, "page_offset": offset}
            answer = self._call("POST", path, {**body, **page})
            yield from answer[name]
            if offset + _PAGE >= answer["total_entries"]:
                return

    def _if_known(self, method: str, path: str) -> dict[str, Any] | None:
        try:
            return self._call(method, path)
        except AirflowError as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise
            return None

    def _call(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        query: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        try:
            return self._rest_api.call(method, path, body, query)
        except RefusedError as error:
            raise AirflowError(str(error), error.status) from error
