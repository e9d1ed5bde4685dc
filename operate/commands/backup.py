"""`backup`: make a backup of Airflow's metadata now, or list the newest."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from operate.backups import Backups
from operate.connection import connect
from operate.errors import OperateError
from operate.options import JsonOption, LocalOption, OutputsOption, StackOption
from operate.output import console, document, table

_LIMIT_SECONDS = 900
"""What the function may take: Lambda's most."""

_POLL_SECONDS = 2
_SHOWN = 20


def backup(
    *,
    only_list: Annotated[
        bool, typer.Option("--list", help="Make none, and list the newest 20; all with --json.")
    ] = False,
    stack: StackOption = None,
    outputs: OutputsOption = None,
    local: LocalOption = False,
    as_json: JsonOption = False,
) -> None:
    """Make a backup of Airflow's metadata now, and list the newest.

    `hub.backup` has one made every `every_hours`, a day by default, besides.
    """
    connection = connect(stack, outputs, local=local)
    backups = Backups(connection)
    if not only_list:
        known = backups.sizes()
        functions = connection.in_hub("lambda")
        functions.invoke(FunctionName=backups.where.function_name, InvocationType="Event")
        _wait_for_another(backups, known)
    found = backups.sizes()
    if as_json:
        document({"bucket": backups.where.bucket_name, "backups": found})
        return
    rows = [[name, f"{size / 1024:.1f}"] for name, size in list(found.items())[-_SHOWN:]]
    table(console(), ["backup", "KiB"], rows)


def _wait_for_another(backups: Backups, known: dict[str, int]) -> None:
    deadline = time.monotonic() + _LIMIT_SECONDS
    while not backups.sizes().keys() - known.keys():
        if time.monotonic() > deadline:
            raise OperateError(
                f"no backup appeared within {_LIMIT_SECONDS} seconds: the log of the function "
                f"{backups.where.function_name} says why"
            )
        time.sleep(_POLL_SECONDS)
