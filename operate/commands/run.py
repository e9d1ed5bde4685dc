"""`run`: start a data pipeline's DAG, and follow the run to the models."""

from __future__ import annotations

from datetime import UTC, datetime

import typer

from dags.cross_account.run import run_due_at
from operate.connection import connect
from operate.explanation import explained
from operate.explanation_text import print_explanation
from operate.followed_run import followed, refuse_paused
from operate.options import JsonOption, LocalOption, OutputsOption, PipelineOption, StackOption
from operate.output import console, document, line

_FAILED = 1
_INTERRUPTED = 130
"""As a shell reports a process that Ctrl-C ended."""


def run(
    *,
    pipeline: PipelineOption,
    stack: StackOption = None,
    outputs: OutputsOption = None,
    local: LocalOption = False,
    as_json: JsonOption = False,
) -> None:
    """Start a data pipeline's run, and follow it to the models; Ctrl-C only stops following.

    The exit status is 0 if every DAG run succeeded, 1 if one failed.
    """
    connection = connect(stack, outputs, local=local)
    connection.stack.data_pipeline(pipeline)
    refuse_paused(connection, pipeline)
    moment = datetime.now(UTC)
    name = run_due_at(moment)
    # With --json the document is all that goes to the standard output.
    progress = console(stderr=as_json)
    started = connection.airflow.trigger(connection.dag_id(pipeline), name, moment)
    line(progress, f"run {name} of {pipeline} is started")
    try:
        flow = followed(connection, pipeline, started, progress)
    except KeyboardInterrupt:
        later = connection.command(f"explain {name} --pipeline {pipeline}")
        line(progress, f"stopped following; the run {name} goes on: see {later}")
        raise typer.Exit(_INTERRUPTED) from None
    found = explained(connection, pipeline, name)
    if as_json:
        document(found)
    else:
        print_explanation(progress, found)
    raise typer.Exit(0 if flow.succeeded else _FAILED)
