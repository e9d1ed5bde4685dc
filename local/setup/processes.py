"""Child processes, and the lock that keeps two set-ups of one checkout apart."""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import sys
import time
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from local.setup.paths import MAIN_ENVIRONMENT, ROOT, STATE, python_of
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


@contextmanager
def exclusive() -> Iterator[None]:
    """Let one set-up at a time change this checkout; a second one waits here.

    filelock isn't installed yet. Children inherit the lock: should this process be killed, what it
    started still holds it.
    """
    STATE.mkdir(exist_ok=True)
    with (STATE / "setup.lock").open("w") as file:
        os.set_inheritable(file.fileno(), True)  # noqa: FBT003 (the function's only form)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("setup: waiting for another set-up of this checkout", flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say that `what` is done, once it is, and how long it took."""
    start = time.monotonic()
    yield
    print(f"setup: {what} ({time.monotonic() - start:.1f} s)", flush=True)


def run_until_signalled(work: Coroutine[Any, Any, None]) -> None:
    """Do `work`; Ctrl-C and SIGTERM end its child processes, then raise KeyboardInterrupt.

    SIGTERM has a handler of its own: asyncio has none for SIGINT where a shell script ignores it,
    as for `make local &`.
    """

    async def cancellable() -> None:
        task = asyncio.create_task(work)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        await task

    try:
        asyncio.run(cancellable())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


async def uv(arguments: Sequence[str | Path], *, what: str) -> str:
    """Call uv, which lives in `.venv`; never by its script (spaces break shebangs)."""
    hint = "Behind a mirror of PyPI, set UV_DEFAULT_INDEX."
    return await run([python_of(MAIN_ENVIRONMENT), "-m", "uv", *arguments], what=what, hint=hint)


async def run(command: Sequence[str | Path], *, what: str, hint: str = "") -> str:
    """Run a program to its end and return what it printed; `what` names it in a failure."""
    process = await asyncio.create_subprocess_exec(
        *map(str, command),
        cwd=ROOT,
        env=_environment(),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        close_fds=False,  # for the lock
        process_group=0,
    )
    try:
        printed, _ = await process.communicate()
    except asyncio.CancelledError:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        await process.wait()
        raise
    output = printed.decode(errors="replace")
    if process.returncode:
        lines = output.strip().splitlines()[-_LINES_OF_A_FAILURE:]
        said = "".join(f"\n    {line}" for line in lines)
        raise SetupProblem(f"{what} failed with status {process.returncode}. {hint}{said}")
    return output


def _environment() -> dict[str, str]:
    """The caller's, but for another Python's settings; with pyenv's Pythons before its shims.

    uv gives up at a shim of a Python that isn't the active one.
    """
    kept = {key: value for key, value in os.environ.items() if key not in _UNWANTED}
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv", "versions")
    path = [*sorted(map(str, pyenv.glob("*/bin"))), *os.get_exec_path()]
    return {**kept, **_SETTINGS, "PATH": os.pathsep.join(path)}


def base_interpreter() -> str:
    """The interpreter behind this one, for it may be inside the very environment to be remade."""
    return getattr(sys, "_base_executable", None) or sys.executable
