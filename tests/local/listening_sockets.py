"""Which addresses the processes of a local run listen on."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil


def sessions_below(directory: Path) -> set[int]:
    """The sessions of the gateway of a run in `directory` and of everything that it started."""
    gateway = json.loads((directory / "processes.json").read_text(encoding="utf-8"))
    children = json.loads((directory / "aws" / "processes.json").read_text(encoding="utf-8"))
    return {gateway["pid"], *(child["pid"] for child in children)}


def processes_of(sessions: set[int]) -> set[int]:
    """Every living process of these sessions."""
    found = set()
    for pid in psutil.pids():
        with suppress(ProcessLookupError, PermissionError):
            if os.getsid(pid) in sessions:
                found.add(pid)
    return found


def listening_addresses(sessions: set[int]) -> set[str]:
    """`address:port` of every socket on which a process of these sessions listens."""
    # An IPv6 socket can be bound to an address of IPv4 only.
    return {
        f"{connection.laddr.ip.removeprefix('::ffff:')}:{connection.laddr.port}"
        for pid in processes_of(sessions)
        for connection in _connections(pid)
        if connection.status == psutil.CONN_LISTEN
    }


def _connections(pid: int) -> list[Any]:
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).net_connections("inet")
    return []
