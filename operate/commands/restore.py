"""`restore`: bring the metadata of a lost environment into the one that took its place."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console

from clients.airflow_rest_api import AirflowRestApi
from operate.backups import Backups
from operate.connection import connect
from operate.metadata_api import MetadataApi
from operate.options import JsonOption, LocalOption, OutputsOption, StackOption
from operate.output import console, document, line
from operate.restoring import Restored, Restoring

_EVERY = 100
_SHOWN = 5


def restore(
    name: Annotated[
        str, typer.Argument(metavar="BACKUP", help="A backup, as `backup --list` names it.")
    ],
    *,
    stack: StackOption = None,
    outputs: OutputsOption = None,
    local: LocalOption = False,
    as_json: JsonOption = False,
) -> None:
    """Restore variables, the DAG runs that had ended, and which DAGs were paused.

    Variables and runs that are there already stay. An interrupted restore leaves DAGs paused:
    repeat it.
    """
    connection = connect(stack, outputs, local=local)
    metadata = Backups(connection).read(name)
    # With --json the document is all that goes to the standard output.
    progress = console(stderr=as_json)
    api = AirflowRestApi(connection.in_hub("mwaa"), connection.stack.environment_name)
    total = len(metadata.dag_runs)

    def tell(done: Restored) -> None:
        over = len(done.runs) + len(done.runs_already_there)
        if over and over % _EVERY == 0:
            line(progress, f"{over} of {total} DAG runs")

    done = Restoring(MetadataApi(api), metadata, tell).restore()
    if as_json:
        document(asdict(done))
    else:
        _print(progress, done)


def _print(to: Console, done: Restored) -> None:
    line(to, f"variables: {len(done.variables)}; unpaused: {', '.join(done.unpaused) or 'no DAG'}")
    line(to, f"DAG runs: {len(done.runs)}, there already: {len(done.runs_already_there)}")
    left = {
        "variables with a hidden value, to be set by hand": done.masked_variables,
        "DAGs that this environment doesn't have": done.unknown_dags,
        "DAGs whose ids are too long for InvokeRestApi": done.unreachable_dags,
        "DAG runs that weren't over, to be started again": done.unfinished_runs,
        "DAG runs that can't be restored": [f"{k} ({v})" for k, v in done.refused_runs.items()],
    }
    for what, names in left.items():
        if names:
            more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            line(to, f"{what}: {', '.join(names[:_SHOWN])}{more}")
