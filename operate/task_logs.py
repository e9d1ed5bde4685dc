"""The logs of tasks: in CloudWatch Logs on AWS, in a folder after a local run."""

from __future__ import annotations

import json
from typing import Any

from operate.connection import Connection
from operate.dag_runs import Task
from operate.log_events import last_events


def task_log(connection: Connection, task: Task) -> list[str]:
    """What Airflow wrote about the task's last attempt, entry by entry."""
    name = (
        f"dag_id={task.dag_id}/run_id={task.run_id}/task_id={task.task_id}/"
        f"attempt={task.attempt}.log"
    )
    if connection.task_logs is not None:
        file = connection.task_logs / name
        if not file.exists():
            return []
        return file.read_text(encoding="utf-8", errors="replace").splitlines()
    group = f"airflow-{connection.stack.environment_name}-Task"
    # A stream's name has no colon: Airflow replaces those in a DAG run's id.
    return last_events(connection.in_hub("logs"), group, name.replace(":", "_"))


def readable(log: list[str]) -> list[str]:
    """Time, level, message, and what was raised."""
    lines: list[str] = []
    for each in log:
        entry = _parsed(each)
        lines += _written(entry) if entry else [each]
    return lines


def raised(log: list[str]) -> str | None:
    """The exception that ended the task, as its own sentence."""
    chains = [found for found in (_errors(_parsed(each)) for each in log) if found]
    # An exception comes before its causes.
    return str(chains[-1][0]["exc_value"]) if chains else None


def _parsed(line: str) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError:
        return {}
    return entry if isinstance(entry, dict) else {}


def _errors(entry: dict[str, Any]) -> list[dict[str, Any]]:
    return entry.get("error_detail") or []


def _written(entry: dict[str, Any]) -> list[str]:
    time, level = str(entry.get("timestamp", ""))[11:19], str(entry.get("level", "")).upper()
    raised_here = [f"{each['exc_type']}: {each['exc_value']}" for each in _errors(entry)]
    return [
        f"{time} {level:7} {entry.get('event', '')}",
        *(f"{'':16} {text}" for text in raised_here),
    ]
