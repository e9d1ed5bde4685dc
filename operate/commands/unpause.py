"""`unpause`: let pipelines' DAGs run."""

from __future__ import annotations

from typing import Annotated

import typer

from operate.connection import Connection, connect
from operate.errors import UsageError
from operate.options import JsonOption, LocalOption, OutputsOption, StackOption
from operate.output import console, document, line


def unpause(
    pipelines: Annotated[list[str] | None, typer.Argument(help="All, if left out.")] = None,
    *,
    restore: Annotated[
        bool,
        typer.Option("--restore", help="Those alone that an update of the environment paused."),
    ] = False,
    stack: StackOption = None,
    outputs: OutputsOption = None,
    local: LocalOption = False,
    as_json: JsonOption = False,
) -> None:
    """Unpause the DAGs of some pipelines, or of all."""
    if restore and pipelines:
        raise UsageError("--restore knows which DAGs it unpauses: name no pipeline with it")
    connection = connect(stack, outputs, local=local)
    if restore:
        dag_ids = connection.airflow.unpause_after_update()
    else:
        dag_ids = _unpause(connection, pipelines)
    if as_json:
        document({"unpaused": dag_ids})
    else:
        line(console(), f"unpaused: {', '.join(dag_ids) or 'no DAG'}")


def _unpause(connection: Connection, pipelines: list[str] | None) -> list[str]:
    # The ML pipelines first, so that no run of theirs waits until its DAG is unpaused.
    names = pipelines or list(reversed(connection.dag_ids()))
    dag_ids = [connection.dag_id(name) for name in names]
    for dag_id in dag_ids:
        connection.airflow.unpause(dag_id)
    return dag_ids
