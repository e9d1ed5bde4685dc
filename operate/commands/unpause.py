"""`unpause`: let pipelines' DAGs run."""

from __future__ import annotations

from typing import Annotated

import typer

from operate.connection import connect
from operate.options import JsonOption, LocalOption, OutputsOption, StackOption
from operate.output import console, document, line


def unpause(
    pipelines: Annotated[list[str] | None, typer.Argument(help="All, if left out.")] = None,
    *,
    stack: StackOption = None,
    outputs: OutputsOption = None,
    local: LocalOption = False,
    as_json: JsonOption = False,
) -> None:
    """Unpause the DAGs of some pipelines, or of all."""
    connection = connect(stack, outputs, local=local)
    # The ML pipelines first, so that no run of theirs waits until its DAG is unpaused.
    names = pipelines or list(reversed(connection.dag_ids()))
    dag_ids = [connection.dag_id(name) for name in names]
    for dag_id in dag_ids:
        connection.airflow.unpause(dag_id)
    if as_json:
        document({"unpaused": dag_ids})
    else:
        line(console(), f"unpaused: {', '.join(dag_ids)}")
