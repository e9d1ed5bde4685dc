"""The log of a task that failed, as Airflow wrote it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from local.run.run_directory import RunDirectory
from local.run.states import Task

_SHOWN_LINES = 40


def log_file(run_directory: RunDirectory, task: Task) -> Path | None:
    """The log of the task's last attempt."""
    key = task.key
    path = f"dag_id={key.dag_id}/run_id={key.run_id}/task_id={key.task_id}"
    found = sorted(run_directory.aws.glob(f"airflow/*/logs/{path}/attempt={task.attempt}.log"))
    return found[0] if found else None


def readable(log: Path) -> list[str]:
    """The log's last lines: time, level, message, and what was raised."""
    lines: list[str] = []
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            entry = None
        lines += _entry(entry) if isinstance(entry, dict) else [line]
    return lines[-_SHOWN_LINES:]


def _entry(entry: dict[str, Any]) -> list[str]:
    time = str(entry.get("timestamp", ""))[11:19]
    level = str(entry.get("level", "")).upper()
    lines = [f"{time} {level:7} {entry.get('event', '')}"]
    raised = entry.get("error_detail") or []
    return lines + [f"{'':16} {error['exc_type']}: {error['exc_value']}" for error in raised]
