"""DAG runs that are watched up to their first failure, and then ended."""

from __future__ import annotations

import http.client
import json
import urllib.parse
from http import HTTPStatus

from local.run.states import DagRun, Task
from tests.local.kept_run import LIMIT_SECONDS, KeptRun, wait_for

_FAILED = ("failed", "up_for_retry")


def first_failure(kept: KeptRun, run: DagRun) -> Task:
    """The first task of the run that fails, tried again or not; fails if none does."""

    def ask() -> Task | None:
        found = kept.dag_run(run.dag_id, run.run_id)
        assert found is not None
        assert found.state != "success", f"{run.dag_id} succeeded"
        return next((task for task in kept.tasks(run).values() if task.state in _FAILED), None)

    return wait_for(f"a failure in {run.dag_id} {run.run_id}", ask)


def give_up(kept: KeptRun, run: DagRun) -> None:
    """End a run as failed, without the tries that are left.

    Through Airflow's own address: the path of a run is longer than InvokeRestApi takes.
    """
    address = urllib.parse.urlsplit(kept.summary["outputs"]["airflow_webserver_url"])
    connection = http.client.HTTPConnection(address.netloc or address.path, timeout=LIMIT_SECONDS)
    path = f"/api/v2/dags/{run.dag_id}/dagRuns/{urllib.parse.quote(run.run_id)}"
    body = json.dumps({"state": "failed"})
    connection.request("PATCH", path, body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    assert answer.status == HTTPStatus.OK, answer.read()
    connection.close()
