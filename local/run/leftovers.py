"""What an earlier run left running: recorded by process id and start, never found by name."""

from __future__ import annotations

import json
import os
import signal
from contextlib import suppress

import psutil

from local.gateway.processes import end_left_over, recorded_process, started_at
from local.run.run_directory import RunDirectory

GRACE_SECONDS = 8.0
"""How long the gateway may take to end its children before its group is killed."""


def record_gateway(run_directory: RunDirectory, pid: int, endpoint: str) -> None:
    """Write down the gateway, so that a later run can end it even after a SIGKILL of this one."""
    row = {"pid": pid, "started_at": started_at(pid), "endpoint": endpoint}
    temporary = run_directory.processes.with_suffix(".new")
    temporary.write_text(json.dumps(row), encoding="utf-8")
    temporary.replace(run_directory.processes)


def end_leftovers(run_directory: RunDirectory) -> bool:
    """End the recorded gateway and its processes; returns whether there was anything to end."""
    gateway = _recorded(run_directory)
    if gateway is not None:
        _end_group(gateway)
    children = end_left_over(run_directory.aws_processes)
    run_directory.processes.unlink(missing_ok=True)
    return gateway is not None or bool(children)


def running_gateway(run_directory: RunDirectory) -> int | None:
    """The recorded gateway's process id, while that very process is alive."""
    gateway = _recorded(run_directory)
    return gateway.pid if gateway is not None else None


def running_endpoint(run_directory: RunDirectory) -> str | None:
    """The recorded gateway's address, while it runs."""
    if running_gateway(run_directory) is None:
        return None
    endpoint: str = json.loads(run_directory.processes.read_text(encoding="utf-8"))["endpoint"]
    return endpoint


def _recorded(run_directory: RunDirectory) -> psutil.Process | None:
    if not run_directory.processes.is_file():
        return None
    row = json.loads(run_directory.processes.read_text(encoding="utf-8"))
    return recorded_process(row["pid"], row["started_at"])


def _end_group(gateway: psutil.Process) -> None:
    with suppress(psutil.NoSuchProcess):
        gateway.terminate()
    if not _gone(gateway):
        with suppress(ProcessLookupError):
            os.killpg(gateway.pid, signal.SIGKILL)
        _gone(gateway)


def _gone(process: psutil.Process) -> bool:
    with suppress(psutil.TimeoutExpired):
        process.wait(GRACE_SECONDS)
        return True
    return False
