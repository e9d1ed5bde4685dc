"""What a run shows at its end, and the same as a file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table

from local.run.flow import Outcome
from local.run.following import Flow
from local.run.plan import Plan
from local.run.progress import Progress
from local.run.results import Results
from local.run.run_directory import RunDirectory
from local.run.states import DagRun, Task
from local.run.task_logs import log_file, logs_folder, raised, readable, spark_log


def print_report(
    console: Console, plan: Plan, progress: Progress, flow: Flow, results: Results
) -> None:
    """The tasks, the rows, the models, and how long everything took."""
    for run in flow.runs:
        _plain(console, f"{run.dag_id}: {run.state}, {_seconds(run.seconds)} s")
        console.print(_task_table(flow.tasks_of(run)))
    if results.rows:
        _plain(console, "rows")
        console.print(_row_table(results))
    for model in results.models:
        metrics = ", ".join(f"{name} {value:.4f}" for name, value in sorted(model.metrics.items()))
        _plain(console, f"model of {model.pipeline}: {metrics or 'no metric'}")
        _plain(console, f"  s3://{model.bucket}/{model.key}")
    if plan.own_images:
        _plain(console, f"not run, because images can't run here: {', '.join(plan.own_images)}")
    took = [
        f"{phase.name} {phase.seconds:.1f} s"
        for phase in progress.phases
        if phase.seconds is not None
    ]
    _plain(console, f"{', '.join(took)}; in total {progress.elapsed():.1f} s")


def print_failures(console: Console, run_directory: RunDirectory, outcome: Outcome) -> None:
    """Why each task failed, and why training jobs did, which no log says.

    Where a Glue job run failed, its own error says it, in place of the end of the task's log.
    """
    for task in outcome.flow.failed_tasks:
        log = log_file(run_directory, task)
        console.rule(f"{task.key.dag_id} {task.key.task_id} failed")
        if log is None:
            _plain(console, f"It has no log; Airflow's own logs are below {run_directory.aws}")
            continue
        reason = raised(log)
        job_log = spark_log(run_directory, reason)
        for line in readable(log) if job_log is None else [reason, f"Spark's log: {job_log}"]:
            _plain(console, line)
        _plain(console, f"The whole log: {log}")
    for failure in outcome.job_failures:
        _plain(console, failure)


def print_kept(console: Console, plan: Plan, outcome: Outcome) -> None:
    """How to use what is left running, and how to end it."""
    account = plan.data_pipelines[0].account_region
    lines = [
        "Airflow and the embedded AWS keep running:",
        f"  Airflow   http://{outcome.deployment.outputs['airflow_webserver_url']}",
        f"  AWS       {outcome.endpoint}, with an account's id as the access key, for example:",
        f"            export AWS_ENDPOINT_URL={outcome.endpoint}",
        f"            export AWS_DEFAULT_REGION={account.region}",
        f"            export AWS_ACCESS_KEY_ID={account.account_id} AWS_SECRET_ACCESS_KEY=unused",
        "  runs      python -m operate status --local, and more in docs/operate.md",
        "  to end    make stop",
    ]
    for line in lines:
        _plain(console, line)


def print_half_kept(console: Console, endpoint: str) -> None:
    """What stays of a run that failed before its end, and how to end that."""
    for line in (
        f"The embedded AWS keeps running, with what was deployed: {endpoint}",
        "  to end    make stop",
    ):
        _plain(console, line)


def write_summary(run_directory: RunDirectory, progress: Progress, outcome: Outcome) -> None:
    """The report as JSON, with the stack's outputs and the folder of the tasks' logs."""
    flow, results = outcome.flow, outcome.results
    logs = logs_folder(run_directory)
    summary = {
        "endpoint": outcome.endpoint,
        "seconds": {phase.name: phase.seconds for phase in progress.phases},
        "outputs": outcome.deployment.outputs,
        "task_logs": logs and str(logs),
        "dag_runs": [_dag_run_row(run, flow) for run in flow.runs],
        "rows": results.rows,
        "models": [{**asdict(model), "file": str(model.file)} for model in results.models],
    }
    run_directory.summary.write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")


def _dag_run_row(run: DagRun, flow: Flow) -> dict[str, Any]:
    return {
        "dag_id": run.dag_id,
        "run_id": run.run_id,
        "run": run.run,
        "state": run.state,
        "seconds": run.seconds,
        "tasks": {
            task.key.task_id: {"state": task.state, "seconds": task.seconds}
            for task in flow.tasks_of(run)
        },
    }


def _task_table(tasks: Sequence[Task]) -> Table:
    table = Table("task", "state", "attempts")
    table.add_column("seconds", justify="right")
    for task in tasks:
        table.add_row(task.key.task_id, task.state, str(task.attempt), _seconds(task.seconds))
    return table


def _row_table(results: Results) -> Table:
    kinds = ("input", "train", "validation", "rejected", "duplicates")
    table = Table("data pipeline", *kinds)
    for name, rows in results.rows.items():
        table.add_row(name, *(str(rows[kind]) for kind in kinds))
    return table


def _seconds(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds:.1f}"


def _plain(console: Console, text: str) -> None:
    """One line as it is, however long."""
    console.print(text, markup=False, highlight=False, soft_wrap=True)
