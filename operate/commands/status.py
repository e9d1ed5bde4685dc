"""`status`: the environment, its DAGs and their last runs, uploads that wait, and alarms."""

from __future__ import annotations

from typing import Any

from operate.connection import Connection, connect
from operate.options import JsonOption, LocalOption, OutputsOption, StackOption
from operate.output import console, document, line, seconds, table
from operate.watched import alarms, uploads

_LAST = 3
"""DAG runs shown of each DAG."""


def status(
    *,
    stack: StackOption = None,
    outputs: OutputsOption = None,
    local: LocalOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show the environment, paused DAGs, the last runs of each, waiting uploads, and alarms."""
    found = _found(connect(stack, outputs, local=local))
    if as_json:
        document(found)
        return
    to = console()
    line(to, f"{found['environment']}: {found['status']}, {found['airflow']}")
    table(to, ["DAG", "", "run", "DAG run", "state", "seconds"], _rows(found["dags"]))
    for error in found["import_errors"]:
        line(to, f"not loaded: {error}")
    if found["uploads"] is not None:
        line(to, "uploads without a run: {waiting} waiting, {dead} dead".format(**found["uploads"]))
    for each in found["alarms"]:
        line(to, f"in alarm: {each['alarm']}: {each['description']}")


def _found(connection: Connection) -> dict[str, Any]:
    airflow = connection.airflow
    return {
        "environment": connection.stack.environment_name,
        "status": airflow.environment_status(),
        "airflow": connection.airflow_url,
        "dags": [_dag(connection, name, dag_id) for name, dag_id in connection.dag_ids().items()],
        "import_errors": airflow.import_errors(),
        "uploads": uploads(connection),
        "alarms": alarms(connection),
    }


def _dag(connection: Connection, pipeline: str, dag_id: str) -> dict[str, Any]:
    paused = connection.airflow.is_paused(dag_id)
    known = paused is not None
    runs = connection.airflow.last_dag_runs(dag_id, _LAST) if known else []
    return {
        "pipeline": pipeline,
        "dag_id": dag_id,
        "loaded": known,
        "paused": paused,
        "last_runs": [each.summary() for each in runs],
    }


def _rows(dags: list[dict[str, Any]]) -> list[list[str]]:
    words = {None: "not loaded", True: "paused", False: "unpaused"}
    rows = []
    for dag in dags:
        first = [dag["dag_id"], words[dag["paused"]]]
        for run in dag["last_runs"] or [None]:
            rows.append([*first, *_cells(run)])
            first = ["", ""]
    return rows


def _cells(run: dict[str, Any] | None) -> list[str]:
    if run is None:
        return ["no run", "", "", ""]
    return [run["run"], run["dag_run_id"], run["state"], seconds(run["seconds"])]
