"""Child processes, and the lock that keeps two set-ups of one checkout apart."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from local.setup.paths import ROOT, STATE
from local.setup.problem import SetupProblem

# A caller's own environment or search path must not leak into the ones made here.
_UNWANTED = ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "CONDA_PREFIX", "__PYVENV_LAUNCHER__")
_SETTINGS = {
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_REQUIRE_VIRTUALENV": "0",
    "PIP_USER": "0",
    "UV_NO_PROGRESS": "1",
    "UV_PYTHON_DOWNLOADS": "never",
}
_LINES_OF_A_FAILURE = 25

_running: set[subprocess.Popen[str]] = set()
_guard = threading.Lock()
_stopped = threading.Event()
_inherited: list[int] = []


@contextmanager
def exclusive() -> Iterator[None]:
    """Let one set-up at a time change this checkout; a second one waits here.

    Children inherit the lock: should this process be killed, whatever it started still holds it.
    """
    STATE.mkdir(exist_ok=True)
    with (STATE / "setup.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("setup: waiting for another set-up of this checkout", flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        _inherited.append(file.fileno())
        try:
            yield
        finally:
            _inherited.clear()


def run(command: Sequence[str | Path], *, what: str, hint: str = "") -> str:
    """Run a program to its end and return what it printed; `what` names it in a failure."""
    if _stopped.is_set():
        raise SetupProblem(f"{what} was not begun.")
    environment = {key: value for key, value in os.environ.items() if key not in _UNWANTED}
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=ROOT,
        env=environment | _SETTINGS,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        pass_fds=tuple(_inherited),
        process_group=0,
    )
    with _guard:
        _running.add(process)
    try:
        output, _ = process.communicate()
    except BaseException:
        _end(process)
        process.wait()
        raise
    finally:
        with _guard:
            _running.discard(process)
    if process.returncode:
        lines = output.strip().splitlines()[-_LINES_OF_A_FAILURE:]
        said = "".join(f"\n    {line}" for line in lines)
        raise SetupProblem(f"{what} failed with status {process.returncode}. {hint}{said}")
    return output


def stop_all() -> None:
    """End the children of all threads, and let them start no more."""
    _stopped.set()
    with _guard:
        for process in _running:
            _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    """Ask a child, and whatever it started, to stop."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)


def base_interpreter() -> str:
    """The interpreter behind this one, for it may be inside the very environment to be remade."""
    return getattr(sys, "_base_executable", None) or sys.executable
