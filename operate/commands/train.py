"""`train`: train an ML pipeline on a run again, and follow it to the model."""

from __future__ import annotations

from typing import Annotated

import typer

from operate.connection import connect
from operate.errors import UsageError
from operate.options import JsonOption, LocalOption, OutputsOption, StackOption
from operate.results import has_data
from operate.started_run import start_and_show

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
    conf = {"run": run, **({"hyperparameters": hyperparameters} if hyperparameters else {})}
    start_and_show(connection, pipeline, as_json=as_json, trained_on=run, conf=conf)


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not (name and separator and value):
        raise UsageError(f"--set {text}: expected NAME=VALUE, such as eta=0.1")
    return name, value
