"""Airflow's commands and settings for one environment: MWAA's, and those of a small machine."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from local.gateway.settings import HOST, INSTALLED

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEDULER = Path(__file__).with_name("scheduler.py")

COMPONENTS = ("api-server", "scheduler", "dag-processor", "triggerer")
"""Each is a process of its own; `airflow standalone` would listen on every address.

So would the log servers of scheduler and triggerer."""


def python(version: str) -> Path:
    """The interpreter of the environment where that version of Airflow is installed."""
    return INSTALLED / f"airflow-{version}" / "bin" / "python"


def command(version: str, component: str, port: int) -> list[str | Path]:
    """The command line of a component."""
    if component == "scheduler":
        return [python(version), "-P", SCHEDULER, "--skip-serve-logs"]
    line: list[str | Path] = [python(version), "-m", "airflow", component]
    if component == "api-server":
        return [*line, "--host", HOST, "--port", str(port), "--workers", "1"]
    return [*line, "--skip-serve-logs"] if component == "triggerer" else line


def from_options(options: Mapping[str, str]) -> dict[str, str]:
    """AirflowConfigurationOptions (`section.option`) as Airflow's environment variables."""
    variables = {}
    for name, value in options.items():
        section, _, option = name.partition(".")
        # Neither a section nor an option contains a dot.
        variables[f"AIRFLOW__{section}__{option}".upper().replace("-", "_")] = value
    return variables


def suggested() -> dict[str, str]:
    """Settings for a small machine, which an environment's own options override."""
    return {
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.5",
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "5",
        "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
        "AIRFLOW__TRIGGERER__CAPACITY": "100",
        # At the default of 5 s a worker reports so late that its task is deferred that a task with
        # a shorter job runs again by then, and the scheduler counts the late report as a failure.
        "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
        # The API server prepares itself during a worker's first request. On a busy machine that
        # took 56 s; at the default of 5 s the worker gives up after five tries, and the task fails.
        "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "120",
    }


def database(home: Path, version: str) -> Path:
    """The database; its name says for which version of Airflow its tables are."""
    return home / f"airflow-{version}.db"


def new_fernet_key() -> str:
    """A key for what Airflow encrypts in its database, such as its variables."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


def forced(home: Path, port: int, database: Path, fernet_key: str) -> dict[str, str]:
    """Settings that nothing overrides: Airflow's folders and addresses."""
    address = f"http://{HOST}:{port}"
    secret = secrets.token_urlsafe(48)
    return {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(home / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(home / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__FERNET_KEY": fernet_key,
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{address}/execution/",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{database}",
        "AIRFLOW__API__HOST": HOST,
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": address,
        "AIRFLOW__API__SECRET_KEY": secret,
        "AIRFLOW__API_AUTH__JWT_SECRET": secret,
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home / "logs"),
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    }
