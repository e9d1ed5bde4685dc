"""`logs`: what a DAG run's tasks and their jobs wrote."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from operate.connection import Connection, connect
from operate.dag_runs import Task
from operate.errors import UsageError
from operate.explanation import find_run
from operate.job_logs import job_logs
from operate.options import (
    JsonOption,
    LocalOption,
    OutputsOption,
    PipelineOption,
    RunArgument,
    StackOption,
)
from operate.output import console, document, line
from operate.task_logs import readable, task_log


def logs(
    run: RunArgument,
    *,
    pipeline: PipelineOption,
    task: Annotated[str | None, typer.Option(help="One task; all, if left out.")] = None,
    stack: StackOption = None,
    outputs: OutputsOption = None,
    local: LocalOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show the end of the logs of a run's tasks, and of the jobs that they started."""
    connection = connect(stack, outputs, local=local)
    dag_run = find_run(connection, pipeline, run)
    tasks = connection.airflow.tasks([dag_run])
    known = [each.task_id for each in tasks]
    if task is not None and task not in known:
        raise UsageError(f"no task {task!r}; expected one of: {', '.join(known)}")
    chosen = [each for each in tasks if task in (None, each.task_id)]
    found = [_log(connection, pipeline, each, dag_run.training) for each in chosen]
    if as_json:
        document(found)
        return
    to = console()
    for entry in found:
        line(to, f"== {entry['task_id']}: {entry['state']}, attempt {entry['attempt']}")
        for text in entry["lines"]:
            line(to, text)
        for name, lines in entry["jobs"].items():
            line(to, f"-- {name}")
            for text in lines:
                line(to, text)


def _log(connection: Connection, pipeline: str, task: Task, run: str) -> dict[str, Any]:
    return {
        "task_id": task.task_id,
        "state": task.state,
        "attempt": task.attempt,
        "lines": readable(task_log(connection, task)),
        "jobs": job_logs(connection, pipeline, task.task_id, run),
    }
