"""`run`: start a data pipeline's DAG, and follow the run to the models."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import typer

from dags.cross_account.run import run_due_at
from operate.connection import Connection, connect
from operate.errors import OperateError
from operate.explanation import explained
from operate.explanation_text import print_explanation
from operate.following import Flow, follow, look
from operate.live import shown
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
    ml_pipelines = list(connection.stack.ml_pipelines_of(pipeline))
    _refuse_paused(connection, [pipeline, *ml_pipelines])
    moment = datetime.now(UTC)
    name = run_due_at(moment)
    # With --json the document is all that goes to the standard output.
    progress = console(stderr=as_json)
    started = connection.airflow.trigger(connection.dag_id(pipeline), name, moment)
    line(progress, f"run {name} of {pipeline} is started")
    ml_dag_ids = [connection.dag_id(each) for each in ml_pipelines]

    def ask() -> Flow:
        return look(connection.airflow, started, ml_dag_ids)

    try:
        with shown(progress) as show:
            flow = follow(ask, show, time.sleep)
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


def _refuse_paused(connection: Connection, pipelines: list[str]) -> None:
    """A run of a paused DAG would wait, and following it would never end."""
    paused = {name: connection.airflow.is_paused(connection.dag_id(name)) for name in pipelines}
    unknown = [connection.dag_id(name) for name, value in paused.items() if value is None]
    if unknown:
        raise OperateError(
            f"Airflow hasn't loaded {', '.join(unknown)}: {connection.command('status')} shows why"
        )
    waiting = [name for name, value in paused.items() if value]
    if waiting:
        unpause = connection.command(f"unpause {' '.join(waiting)}")
        raise OperateError(f"paused: {', '.join(waiting)}; call {unpause}")
