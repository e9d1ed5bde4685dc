"""The log of a task that failed, as Airflow wrote it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from local.run.run_directory import RunDirectory
from local.run.states import Task

_SHOWN_LINES = 40

_GLUE_RUN = re.compile(r"jr_[0-9a-f]{64}")


def logs_folder(run_directory: RunDirectory) -> Path | None:
    """The folder of the logs of the environment's tasks."""
    return next(iter(sorted(run_directory.aws.glob("airflow/*/logs"))), None)


def log_file(run_directory: RunDirectory, task: Task) -> Path | None:
    """The log of the task's last attempt."""
    key = task.key
    path = f"dag_id={key.dag_id}/run_id={key.run_id}/task_id={key.task_id}"
    found = sorted(run_directory.aws.glob(f"airflow/*/logs/{path}/attempt={task.attempt}.log"))
    return found[0] if found else None


def readable(log: Path) -> list[str]:
    """The log's last lines: time, level, message, and what was raised."""
    lines: list[str] = []
    for line in _lines(log):
        entry = _parsed(line)
        lines += _entry(entry) if entry else [line]
    return lines[-_SHOWN_LINES:]


def raised(log: Path) -> str:
    """The exception that ended the task; empty where the log has none."""
    chains = list(filter(None, (_errors(_parsed(line)) for line in _lines(log))))
    # An exception comes before its causes.
    return f"{chains[-1][0]['exc_type']}: {chains[-1][0]['exc_value']}" if chains else ""


def spark_log(run_directory: RunDirectory, reason: str) -> Path | None:
    """What the script and Spark printed in the Glue job run that `reason` names, if it is there."""
    named = _GLUE_RUN.search(reason)
    log = run_directory.aws / "glue" / f"{named[0]}.log" if named else None
    return log if log is not None and log.exists() else None


def _lines(log: Path) -> list[str]:
    return log.read_text(encoding="utf-8", errors="replace").splitlines()


def _parsed(line: str) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError:
        return {}
    return entry if isinstance(entry, dict) else {}


def _errors(entry: dict[str, Any]) -> list[dict[str, Any]]:
    return entry.get("error_detail") or []


def _entry(entry: dict[str, Any]) -> list[str]:
    time = str(entry.get("timestamp", ""))[11:19]
    level = str(entry.get("level", "")).upper()
    lines = [f"{time} {level:7} {entry.get('event', '')}"]
    return lines + [
        f"{'':16} {error['exc_type']}: {error['exc_value']}" for error in _errors(entry)
    ]
