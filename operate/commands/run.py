"""`run`: start a data pipeline's DAG, and follow the run to the models."""

from __future__ import annotations

from operate.connection import connect
from operate.options import JsonOption, LocalOption, OutputsOption, PipelineOption, StackOption
from operate.started_run import start_and_show


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
    start_and_show(connection, pipeline, as_json=as_json)
