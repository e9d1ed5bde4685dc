"""A DAG run that a command starts, follows to the models, and shows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NoReturn

import typer

from dags.cross_account.run import run_due_at
from operate.connection import Connection
from operate.explanation import explained
from operate.explanation_text import print_explanation
from operate.followed_run import followed, refuse_paused
from operate.output import console, document, line

_FAILED = 1
_INTERRUPTED = 130
"""As a shell reports a process that Ctrl-C ended."""


def start_and_show(
    connection: Connection,
    pipeline: str,
    *,
    as_json: bool,
    trained_on: str | None = None,
    conf: dict[str, Any] | None = None,
) -> NoReturn:
    """Start a pipeline's DAG and follow it; ends the command by the outcome.

    `trained_on` is the run that an ML pipeline trains on again.
    """
    refuse_paused(connection, pipeline)
    moment = datetime.now(UTC)
    name = run_due_at(moment)
    kind, on_run = ("training", f" on run {trained_on}") if trained_on else ("run", "")
    # With --json the document is all that goes to the standard output.
    progress = console(stderr=as_json)
    started = connection.airflow.trigger(connection.dag_id(pipeline), name, moment, conf)
    line(progress, f"{kind} {name} of {pipeline}{on_run} is started")
    run = trained_on or name
    try:
        flow = followed(connection, pipeline, started, progress)
    except KeyboardInterrupt:
        later = connection.command(f"explain {run} --pipeline {pipeline}")
        line(progress, f"stopped following; the {kind} {name} goes on: see {later}")
        raise typer.Exit(_INTERRUPTED) from None
    found = explained(connection, pipeline, run)
    if as_json:
        document(found)
    else:
        print_explanation(progress, found)
    raise typer.Exit(0 if flow.succeeded else _FAILED)
