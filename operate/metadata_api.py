"""What restoring writes by Airflow's REST API, whose paths have at most 64 characters."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from clients.airflow_rest_api import PATH_LIMIT, AirflowRestApi, RefusedError, rows

_TEARDOWN_RULE = "all_done_setup_success"
"""The trigger rule that Airflow gives teardown tasks, and they alone."""

_MARKS_TASKS = (3, 2)
"""The first version on Amazon MWAA with a path on which tasks are named in the body."""

_NO_SUCH = (HTTPStatus.NOT_FOUND,)
_TAKEN = (HTTPStatus.CONFLICT,)


class MetadataApi:
    """Writes variables, pauses and DAG runs of one environment."""

    def __init__(self, api: AirflowRestApi) -> None:
        self._api = api

    def marks_tasks(self) -> bool:
        """Whether this Airflow can set the state of any task: 3.0 has no path that is short."""
        version = self._api.call("GET", "/version")["version"]
        return tuple(map(int, version.split(".")[:2])) >= _MARKS_TASKS

    def pause(self, dag_id: str, *, is_paused: bool) -> bool:
        """Pause or unpause a DAG; False where Airflow doesn't know it."""
        body = {"is_paused": is_paused}
        return self._unless(_NO_SUCH, "PATCH", dag_path(dag_id), body) is not None

    def add_variable(self, key: str, value: str, description: str | None) -> bool:
        """Add a variable; False where there is one of that name."""
        body = {"key": key, "value": value, "description": description}
        return self._unless(_TAKEN, "POST", "/variables", body) is not None

    def teardown_tasks(self, dag_id: str) -> list[str]:
        """The tasks that Airflow would still do in a run that is set to its end."""
        tasks = self._api.call("GET", f"/dags/{dag_id}/tasks")["tasks"]
        return [row["task_id"] for row in tasks if row["trigger_rule"] == _TEARDOWN_RULE]

    def add_run(self, dag_id: str, body: dict[str, Any]) -> bool:
        """Add a queued DAG run; False where there is one of that id or logical date."""
        return self._unless(_TAKEN, "POST", f"/dags/{dag_id}/dagRuns", body) is not None

    def run(self, dag_id: str, run_id: str) -> dict[str, Any] | None:
        """A DAG run as Airflow has it."""
        return self._unless(_NO_SUCH, "GET", run_path(dag_id, run_id))

    def run_ids(self, dag_id: str) -> set[str]:
        """The ids of all runs of a DAG."""
        found = rows(self._api, f"/dags/{dag_id}/dagRuns", "dag_runs", order_by="id")
        return {row["dag_run_id"] for row in found}

    def skip_tasks(self, dag_id: str, run_id: str, task_ids: Iterable[str]) -> None:
        """Set tasks of a run to be skipped."""
        named = {"dag_id": dag_id, "dag_run_id": run_id, "new_state": "skipped"}
        entities = [{**named, "task_id": task_id} for task_id in task_ids]
        body = {"actions": [{"action": "update", "entities": entities}]}
        answer = self._api.call("PATCH", "/dags/~/dagRuns/~/taskInstances", body)
        errors = answer["update"]["errors"]
        if errors:
            raise RefusedError(f"Airflow didn't skip {task_ids}: {errors}", HTTPStatus.CONFLICT)

    def end_run(self, dag_id: str, run_id: str, state: str) -> None:
        """Set a DAG run to its end state; tasks of it that aren't over are skipped."""
        self._api.call("PATCH", run_path(dag_id, run_id), {"state": state})

    def _unless(
        self, statuses: tuple[int, ...], method: str, path: str, body: dict[str, Any] | None = None
    ) -> dict[str, Any] | None:
        try:
            return self._api.call(method, path, body)
        except RefusedError as error:
            if error.status not in statuses:
                raise
            return None


def dag_path(dag_id: str) -> str:
    """The path of a DAG."""
    return f"/dags/{dag_id}"


def run_path(dag_id: str, run_id: str) -> str:
    """The path of a DAG run."""
    return f"/dags/{dag_id}/dagRuns/{run_id}"


def fits(path: str) -> bool:
    """Whether InvokeRestApi takes the path."""
    return len(path) <= PATH_LIMIT
