"""The commands together, and how a command ends."""

from __future__ import annotations

import sys

import typer
from botocore.exceptions import BotoCoreError, ClientError

from clients.airflow_rest_api import RefusedError
from operate.commands.backfill import backfill
from operate.commands.backup import backup
from operate.commands.columns import columns
from operate.commands.explain import explain
from operate.commands.inventory import inventory
from operate.commands.logs import logs
from operate.commands.replicate import replicate
from operate.commands.report import report
from operate.commands.restore import restore
from operate.commands.run import run
from operate.commands.status import status
from operate.commands.train import train
from operate.commands.unpause import unpause
from operate.commands.upload import upload
from operate.commands.verify import verify
from operate.errors import OperateError, UsageError

_FAILED = 1
_UNUSABLE = 2

application = typer.Typer(
    help="Starts runs of a deployed stack, follows them, and says what became of them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for _command in (
    *(status, unpause, columns, upload, run, backfill, train, replicate),
    *(explain, report, logs, verify, inventory, backup, restore),
):
    application.command()(_command)


def main() -> int:
    """Do what the command line says; typer itself exits, with the command's status."""
    try:
        application(prog_name="python -m operate")
    except UsageError as error:
        return _say(error, _UNUSABLE)
    except (BotoCoreError, ClientError, OperateError, RefusedError) as error:
        return _say(error, _FAILED)
    return 0


def _say(error: Exception, status: int) -> int:
    sys.stderr.write(f"operate: {error}\n")
    return status
