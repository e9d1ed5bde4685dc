"""The DAGs that are paused while their environment is updated."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from clients.airflow_rest_api import PATH_LIMIT, AirflowRestApi, RefusedError

RECORD = "dags_paused_for_update"
"""The variable in Airflow that names them: it outlives the program that paused them (ADR 17)."""

_DESCRIPTION = "Unpaused again after the update of the environment"
_RECORD_PATH = f"/variables/{RECORD}"
_PAGE = 100
_OCCUPYING = ["running", "queued", "restarting"]
"""States of a task that a worker has or gets, though its DAG is paused."""


class PausedDags:
    """Pauses an environment's DAGs and unpauses the same ones; each call can be repeated."""

    def __init__(self, api: AirflowRestApi) -> None:
        self._api = api

    def recorded(self) -> list[str]:
        """The DAGs that are to be unpaused again."""
        found = self._if_known("GET", _RECORD_PATH)
        return [] if found is None else json.loads(found["value"])

    def pause(self) -> list[str]:
        """Pause every DAG that is unpaused; returns all that are to be unpaused again."""
        unpaused = [dag_id for dag_id in self._unpaused() if _fits(dag_id)]
        # An update before this one may have been interrupted between its pauses.
        record = sorted({*self.recorded(), *unpaused})
        if unpaused:
            self._write(record)
        for dag_id in unpaused:
            self._set(dag_id, is_paused=True)
        return record

    def tasks_at_work(self) -> list[str]:
        """The tasks that a worker has or gets; deferred ones have none. At most a page of them."""
        body = {"state": _OCCUPYING, "page_limit": _PAGE}
        answer = self._api.call("POST", "/dags/~/dagRuns/~/taskInstances/list", body)
        return [f"{row['dag_id']}.{row['task_id']}" for row in answer["task_instances"]]

    def unpause(self) -> list[str]:
        """Unpause what is recorded; returns the DAGs."""
        record = self.recorded()
        for dag_id in record:
            self._set(dag_id, is_paused=False)
        if record:
            self._if_known("DELETE", _RECORD_PATH)
        return record

    def _unpaused(self) -> Iterator[str]:
        offset = 0
        while True:
            query = {"paused": "false", "limit": str(_PAGE), "offset": str(offset)}
            answer = self._api.call("GET", "/dags", query=query)
            yield from (row["dag_id"] for row in answer["dags"])
            offset += _PAGE
            if offset >= answer["total_entries"]:
                return

    def _write(self, record: list[str]) -> None:
        body = {"key": RECORD, "value": json.dumps(record), "description": _DESCRIPTION}
        if self._if_known("PATCH", _RECORD_PATH, body) is None:
            self._api.call("POST", "/variables", body)

    def _set(self, dag_id: str, *, is_paused: bool) -> None:
        # A DAG whose file is gone stays as it is.
        self._if_known("PATCH", _path(dag_id), {"is_paused": is_paused})

    def _if_known(
        self, method: str, path: str, body: dict[str, Any] | None = None
    ) -> dict[str, Any] | None:
        try:
            return self._api.call(method, path, body)
        except RefusedError as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise
            return None


def _path(dag_id: str) -> str:
    return f"/dags/{dag_id}"


def _fits(dag_id: str) -> bool:
    """Whether InvokeRestApi takes the DAG's path: no other call pauses it."""
    return len(_path(dag_id)) <= PATH_LIMIT
