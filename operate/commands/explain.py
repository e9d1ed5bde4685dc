"""`explain`: what became of a run, and after a failure, what to do."""

from __future__ import annotations

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


def explain(
    run: RunArgument,
    *,
    pipeline: PipelineOption,
    stack: StackOption = None,
    outputs: OutputsOption = None,
    local: LocalOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show where each row went, the jobs and what they used, the model, and what failed."""
    connection = connect(stack, outputs, local=local)
    found = explained(connection, pipeline, find_run(connection, pipeline, run).run)
    if as_json:
        document(found)
    else:
        print_explanation(console(), found)
