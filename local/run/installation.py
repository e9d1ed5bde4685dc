"""The environments that a topology needs, installed where they aren't there yet."""

from __future__ import annotations

import subprocess
import sys

from local.deployment.stopping import Stop, StoppedError
from local.run.errors import RunError, UsageError
from local.run.run_directory import CHECKOUT
from local.setup.environments import airflow_versions

_POLL_SECONDS = 0.05


def install(airflow_version: str, stop: Stop) -> None:
    """Have Spark's jars and the Airflow that the topology names; it prints what it installs."""
    if airflow_version not in airflow_versions():
        raise UsageError(
            f"hub.environment.airflow_version: {airflow_version} can't run locally, which has"
            f" {', '.join(airflow_versions())}: choose one of them, or add"
            f" requirements/airflow-{airflow_version}.in and call make lock"
        )
    process = subprocess.Popen(
        [sys.executable, "local/bootstrap.py", "install", "--spark", "--airflow", airflow_version],
        cwd=CHECKOUT,
        stdin=subprocess.DEVNULL,
    )
    try:
        while process.poll() is None:
            stop.pause(_POLL_SECONDS)
    except StoppedError:
        process.terminate()
        process.wait()
        raise
    if process.returncode:
        raise RunError(
            f"not all of .venv, Spark's jars and Airflow {airflow_version} could be installed: the"
            " lines above say which could not, and why"
        )
