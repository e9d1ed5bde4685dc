"""Airflow's REST API, called as a user of MWAA calls it: through InvokeRestApi."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from clients.airflow_rest_api import AirflowRestApi, RefusedError
from local.run.errors import RunError
from local.run.states import DagRun, Task, dag_run_of, task_of

_PAGE = 100
"""Rows per answer: Airflow's own maximum."""


class AirflowApi:
    """The API of one environment; `mwaa` is a client in the hub's account and Region."""

    def __init__(self, mwaa: Any, environment: str) -> None:
        self._rest_api = AirflowRestApi(mwaa, environment)

    def dag_ids(self) -> set[str]:
        """Every DAG that Airflow knows."""
        return {row["dag_id"] for row in self._rows("/dags", "dags")}

    def import_errors(self) -> list[str]:
        """Why DAG files couldn't be loaded."""
        rows = self._rows("/importErrors", "import_errors")
        return [f"{row['filename']}:\n{row['stack_trace']}" for row in rows]

    def unpause(self, dag_id: str) -> None:
        """Unpause a DAG."""
        self._call("PATCH", f"/dags/{dag_id}", {"is_paused": False})

    def pause(self, dag_id: str) -> None:
        """Pause a DAG: its runs wait."""
        self._call("PATCH", f"/dags/{dag_id}", {"is_paused": True})

    def trigger(self, dag_id: str, moment: datetime | None = None) -> DagRun:
        """Start a run by hand, as one of `moment`, or else of now."""
        body: dict[str, Any] = {"logical_date": None}
        if moment is not None:
            body["run_after"] = moment.isoformat()
        return dag_run_of(self._call("POST", f"/dags/{dag_id}/dagRuns", body))

    def dag_runs(self, dag_id: str = "~") -> list[DagRun]:
        """All runs of a DAG, or of all of them."""
        return [dag_run_of(row) for row in self._rows(f"/dags/{dag_id}/dagRuns", "dag_runs")]

    def count_dag_runs(self, dag_id: str) -> int:
        """How many runs a DAG has."""
        answer = self._call("GET", f"/dags/{dag_id}/dagRuns", query={"limit": "1"})
        return int(answer["total_entries"])

    def tasks(self, dag_id: str = "~") -> list[Task]:
        """All tasks of all runs of a DAG, or of all of them.

        A run's own path may be too long for InvokeRestApi, and the list that a POST filters is
        written to Airflow's log of events, which fails on SQLite while others write.
        """
        path = f"/dags/{dag_id}/dagRuns/~/taskInstances"
        return [task_of(row) for row in self._rows(path, "task_instances")]

    def default_pool(self) -> dict[str, int]:
        """The slots of the pool that every task is in: `running_slots`, `deferred_slots`, ..."""
        pool = self._call("GET", "/pools/default_pool")
        return {name: value for name, value in pool.items() if name.endswith("_slots")}

    def _rows(self, path: str, name: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        while True:
            page = {"limit": str(_PAGE), "offset": str(len(rows))}
            answer = self._call("GET", path, query=page)
            rows += answer[name]
            if not answer[name] or len(rows) >= answer["total_entries"]:
                return rows

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
            raise RunError(str(error)) from error
        except (BotoCoreError, ClientError) as error:
            raise RunError(f"Airflow can't be asked for {method} {path}: {error}") from error
