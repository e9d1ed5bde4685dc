"""One run at a time in a working directory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from local.run.errors import UsageError
from local.run.run_directory import RunDirectory


@contextmanager
def locked(run_directory: RunDirectory) -> Iterator[None]:
    """Hold the directory's lock; the kernel frees it however the process ends.

    Raises UsageError while another run holds it.
    """
    run_directory.path.mkdir(parents=True, exist_ok=True)
    lock = FileLock(run_directory.lock)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise UsageError(
            f"another local run is using {run_directory.path} (process "
            f"{holder(run_directory) or 'unknown'}): wait until it ends, or end it with `make stop`"
        ) from None
    try:
        run_directory.lock.write_text(str(os.getpid()), encoding="utf-8")
        yield
    finally:
        lock.release()


def is_locked(run_directory: RunDirectory) -> bool:
    """Whether a run is at work."""
    if not run_directory.lock.exists():
        return False
    try:
        with FileLock(run_directory.lock, blocking=False):
            return False
    except Timeout:
        return True


def holder(run_directory: RunDirectory) -> int | None:
    """The process id of the run that holds, or last held, the lock."""
    text = run_directory.lock.read_text(encoding="utf-8") if run_directory.lock.exists() else ""
    return int(text) if text.isdigit() else None
