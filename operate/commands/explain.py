"""`explain`: what became of a run, and after a failure, what to do."""

from __future__ import annotations

from typing import Annotated

import typer

from operate.columns_text import print_column
from operate.connection import connect
from operate.explanation import explained, find_run
from operate.explanation_text import print_explanation
from operate.options import (
    JsonOption,
    LocalOption,
    OutputsOption,
    PipelineOption,
    RunArgument,
    StackOption,
)
from operate.output import console, document
from operate.taken_columns import selected

ColumnOption = Annotated[
    list[str] | None,
    typer.Option(
        "--column", help="A column of the input: all of it, and nothing else; repeatable."
    ),
]


def explain(
    run: RunArgument,
    *,
    pipeline: PipelineOption,
    column: ColumnOption = None,
    stack: StackOption = None,
    outputs: OutputsOption = None,
    local: LocalOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show where each row went, what columns were taken as, jobs, models, and what failed."""
    connection = connect(stack, outputs, local=local)
    found = explained(connection, pipeline, find_run(connection, pipeline, run).run)
    if column:
        columns = selected(found, column)
        if as_json:
            document({"run": found["run"], "columns": columns})
        else:
            for each in columns:
                print_column(console(), each)
    elif as_json:
        document(found)
    else:
        print_explanation(console(), found)
