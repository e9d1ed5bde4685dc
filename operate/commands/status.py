"""`status`: the environment, its DAGs and their last runs, uploads that wait, and alarms."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from clients.airflow_rest_api import RefusedError
from clients.environment_status import AT_WORK, AVAILABLE
from operate.airflow_api import AirflowError
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
    connection = connect(stack, outputs, local=local)
    found = _found(connection)
    if as_json:
        document(found)
        return
    to = console()
    line(to, f"{found['environment']}: {found['status']}, {found['airflow']}")
    if found["at_work"] is not None:
        line(to, f"{found['at_work']}. A deployment may have failed meanwhile")
    if found["unanswered"] is not None:
        line(to, f"Airflow doesn't answer: {found['unanswered']}")
    table(to, ["DAG", "", "run", "DAG run", "state", "seconds"], _rows(found["dags"]))
    if found["paused_for_update"]:
        paused = ", ".join(found["paused_for_update"])
        restore = connection.command("unpause --restore")
        line(to, f"paused for an update: {paused}. If no deployment is at work: {restore}")
    for error in found["import_errors"]:
        line(to, f"not loaded: {error}")
    if found["uploads"] is not None:
        line(to, "uploads without a run: {waiting} waiting, {dead} dead".format(**found["uploads"]))
    for each in found["alarms"]:
        line(to, f"in alarm: {each['alarm']}: {each['description']}")


def _found(connection: Connection) -> dict[str, Any]:
    status = connection.airflow.environment_status()
    return {
        "environment": connection.stack.environment_name,
        "status": status,
        "at_work": AT_WORK.get(status),
        "airflow": connection.airflow_url,
        **_of_airflow(connection, may_be_away=status != AVAILABLE),
        "uploads": uploads(connection),
        "alarms": alarms(connection),
    }


def _of_airflow(connection: Connection, *, may_be_away: bool) -> dict[str, Any]:
    """What Airflow says; `may_be_away` where an update may keep it from answering."""
    airflow, dag_ids = connection.airflow, connection.dag_ids()
    try:
        return {
            "unanswered": None,
            "dags": [_dag(connection, name, dag_id) for name, dag_id in dag_ids.items()],
            "import_errors": airflow.import_errors(),
            "paused_for_update": airflow.paused_for_update(),
        }
    except (AirflowError, ClientError, RefusedError) as error:
        if not may_be_away:
            raise
        nothing: dict[str, Any] = {"dags": [], "import_errors": [], "paused_for_update": []}
        return {"unanswered": str(error), **nothing}


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
