"""`train`: train an ML pipeline on a run again, and follow it to the model."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from dags.cross_account.run import run_due_at
from operate.connection import connect
from operate.errors import UsageError
from operate.explanation import explained
from operate.explanation_text import print_explanation
from operate.followed_run import followed, refuse_paused
from operate.options import JsonOption, LocalOption, OutputsOption, StackOption
from operate.output import console, document, line
from operate.results import has_data

_FAILED = 1
_INTERRUPTED = 130
"""As a shell reports a process that Ctrl-C ended."""

SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="A hyperparameter, over the topology's; repeatable.",
    ),
]


def train(
    pipeline: Annotated[str, typer.Argument(help="The ML pipeline's name.")],
    *,
    run: Annotated[str, typer.Option(help="The run, such as 20261122T123336123456.")],
    given: SetOption = None,
    stack: StackOption = None,
    outputs: OutputsOption = None,
    local: LocalOption = False,
    as_json: JsonOption = False,
) -> None:
    """Train on a run while it has its rows, and follow that to the model.

    Each training has a job and a model of its own. The exit status is 0 if it succeeded.
    """
    hyperparameters = dict(_pair(each) for each in given or [])
    connection = connect(stack, outputs, local=local)
    if not has_data(connection, connection.stack.ml_pipeline(pipeline), run):
        status = connection.command("status")
        raise UsageError(f"{pipeline} has no data of a run {run!r}: {status} shows the last runs")
    refuse_paused(connection, pipeline)
    moment = datetime.now(UTC)
    training = run_due_at(moment)
    conf = {"run": run, **({"hyperparameters": hyperparameters} if hyperparameters else {})}
    # With --json the document is all that goes to the standard output.
    progress = console(stderr=as_json)
    started = connection.airflow.trigger(connection.dag_id(pipeline), training, moment, conf)
    line(progress, f"training {training} of {pipeline} on run {run} is started")
    try:
        flow = followed(connection, pipeline, started, progress)
    except KeyboardInterrupt:
        later = connection.command(f"explain {run} --pipeline {pipeline}")
        line(progress, f"stopped following; the training {training} goes on: see {later}")
        raise typer.Exit(_INTERRUPTED) from None
    found = explained(connection, pipeline, run)
    if as_json:
        document(found)
    else:
        print_explanation(progress, found)
    raise typer.Exit(0 if flow.succeeded else _FAILED)


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not (name and separator and value):
        raise UsageError(f"--set {text}: expected NAME=VALUE, such as eta=0.1")
    return name, value
