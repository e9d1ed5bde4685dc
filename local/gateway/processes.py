"""Child processes: each in its own process group, recorded, and ended without exception."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil


class ClosingError(RuntimeError):
    """The gateway is ending and starts nothing any more."""


GRACE_SECONDS = 5.0
"""How long an ended process may take before its group is killed."""

_POLL_SECONDS = 0.05


_SAME_START_SECONDS = 5.0
"""By how much a start may seem to move: it is counted from the machine's, which clocks correct."""


def started_at(pid: int) -> float | None:
    """When the process `pid` started, so that a reused id isn't taken for it."""
    try:
        return psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return None


def recorded_process(pid: int, started: float | None) -> psutil.Process | None:
    """The process `pid`, if it runs and is the very one that started then."""
    found = started_at(pid)
    if found is None or started is None or abs(found - started) > _SAME_START_SECONDS:
        return None
    return psutil.Process(pid)


@dataclass(frozen=True, kw_only=True)
class Child:
    """A process that the gateway started; its id is also its group's."""

    name: str
    process: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        """The process's id."""
        return self.process.pid

    def running(self) -> bool:
        """Whether the process itself still runs."""
        return self.process.poll() is None


def _signal_group(pid: int, number: signal.Signals) -> bool:
    """Whether there was anybody in the group `pid` to signal."""
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _kill_session(leader: int) -> None:
    """Kill what left the group but not the session (Spark's Python workers make a group)."""
    for pid in psutil.pids():
        with suppress(ProcessLookupError, PermissionError):
            if os.getsid(pid) == leader:
                os.kill(pid, signal.SIGKILL)


class Children:
    """Every child process of one gateway."""

    def __init__(self, record: Path) -> None:
        self._record = record
        self._lock = threading.Lock()
        self._children: list[Child] = []
        self._closed = False

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        environment: Mapping[str, str],
        folder: Path,
        log: Path,
    ) -> Child:
        """Start `command` in `folder`, its output appended to `log`."""
        with self._lock, log.open("ab") as output:
            if self._closed:
                message = f"{name} was not started: the gateway is ending"
                raise ClosingError(message)
            process = subprocess.Popen(
                [str(part) for part in command],
                env=dict(environment),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            child = Child(name=name, process=process)
            self._children = [known for known in self._children if known.running()] + [child]
            self._write()
        return child

    def run(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        environment: Mapping[str, str],
        folder: Path,
        log: Path,
        limit_seconds: float,
    ) -> int:
        """Start `command` as above, wait for it, and end what it left; its exit status.

        Raises subprocess.TimeoutExpired where it takes longer than `limit_seconds`.
        """
        child = self.start(name, command, environment=environment, folder=folder, log=log)
        try:
            return child.process.wait(limit_seconds)
        finally:
            self.stop(child)

    def stop(self, *children: Child, grace_seconds: float = GRACE_SECONDS) -> None:
        """End these children together; whatever is left after `grace_seconds` is killed."""
        for child in children:
            _signal_group(child.pid, signal.SIGTERM)
        deadline = time.monotonic() + grace_seconds
        while any(child.running() for child in children) and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
        for child in children:
            _signal_group(child.pid, signal.SIGKILL)
            _kill_session(child.pid)
            child.process.wait()
        with self._lock:
            self._children = [known for known in self._children if known not in children]
            self._write()

    @property
    def closing(self) -> bool:
        """Whether the gateway is ending: what ends now was ended by it."""
        return self._closed

    def close(self) -> None:
        """End every child and start no other."""
        with self._lock:
            self._closed = True
            children = tuple(self._children)
        self.stop(*children)

    def _write(self) -> None:
        rows = [
            {"name": child.name, "pid": child.pid, "started_at": started_at(child.pid)}
            for child in self._children
        ]
        temporary = self._record.with_suffix(".new")
        temporary.write_text(json.dumps(rows, indent=1), encoding="utf-8")
        temporary.replace(self._record)


def end_left_over(record: Path) -> list[str]:
    """Kill what an earlier gateway recorded and, being killed itself, left behind: their names."""
    if not record.is_file():
        return []
    ended = []
    for row in json.loads(record.read_text(encoding="utf-8")):
        pid = row["pid"]
        if recorded_process(pid, row["started_at"]):
            _signal_group(pid, signal.SIGKILL)
            _kill_session(pid)
            ended.append(row["name"])
    record.unlink()
    return ended
