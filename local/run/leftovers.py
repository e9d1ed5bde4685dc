"""What an earlier run left running: recorded by process id and start, never found by name."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable

from local.gateway.processes import end_left_over, started_at
from local.run.places import Places

GRACE_SECONDS = 8.0
"""How long the gateway may take to end its children before its group is killed."""

_POLL_SECONDS = 0.05


def record_gateway(places: Places, pid: int, endpoint: str) -> None:
    """Write down the gateway, so that a later run can end it even after a SIGKILL of this one."""
    row = {"pid": pid, "started_at": started_at(pid), "endpoint": endpoint}
    temporary = places.processes.with_suffix(".new")
    temporary.write_text(json.dumps(row), encoding="utf-8")
    temporary.replace(places.processes)


def end_leftovers(places: Places) -> bool:
    """End the recorded gateway and whatever it started; whether there was anything to end."""
    pid = running_gateway(places)
    if pid is not None:
        _end_group(pid)
    children = end_left_over(places.aws_processes)
    places.processes.unlink(missing_ok=True)
    return pid is not None or bool(children)


def running_gateway(places: Places) -> int | None:
    """The recorded gateway's process id, while that very process is alive."""
    if not places.processes.is_file():
        return None
    row = json.loads(places.processes.read_text(encoding="utf-8"))
    mark = started_at(row["pid"])
    return int(row["pid"]) if mark is not None and mark == row["started_at"] else None


def running_endpoint(places: Places) -> str | None:
    """The recorded gateway's address, while it runs."""
    if running_gateway(places) is None:
        return None
    endpoint: str = json.loads(places.processes.read_text(encoding="utf-8"))["endpoint"]
    return endpoint


def _end_group(pid: int) -> None:
    _signal(os.kill, pid, signal.SIGTERM)
    if not _gone(pid, GRACE_SECONDS):
        _signal(os.killpg, pid, signal.SIGKILL)
        _gone(pid, GRACE_SECONDS)


def _gone(pid: int, seconds: float) -> bool:
    mark = started_at(pid)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if mark is None or started_at(pid) != mark or _is_zombie(pid):
            return True
        time.sleep(_POLL_SECONDS)
    return False


def _is_zombie(pid: int) -> bool:
    """Whether the process is over and only its parent hasn't asked how it ended; reaps our own."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return False


def _signal(send: Callable[[int, int], None], pid: int, number: signal.Signals) -> None:
    try:
        send(pid, number)
    except ProcessLookupError:
        return
