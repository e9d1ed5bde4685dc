"""One run at a time in a working directory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from local.run.errors import UsageError
from local.run.places import Places


@contextmanager
def locked(places: Places) -> Iterator[None]:
    """Hold the directory's lock; the kernel frees it however the process ends.

    Raises UsageError while another run holds it.
    """
    places.directory.mkdir(parents=True, exist_ok=True)
    lock = FileLock(places.lock)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise UsageError(
            f"another local run is at work in {places.directory} (process"
            f" {holder(places) or 'unknown'}): wait for its end, or end it with `make stop`"
        ) from None
    try:
        places.lock.write_text(str(os.getpid()), encoding="utf-8")
        yield
    finally:
        lock.release()


def is_locked(places: Places) -> bool:
    """Whether a run is at work."""
    if not places.lock.exists():
        return False
    try:
        with FileLock(places.lock, blocking=False):
            return False
    except Timeout:
        return True


def holder(places: Places) -> int | None:
    """The process id of the run that holds, or last held, the lock."""
    text = places.lock.read_text(encoding="utf-8") if places.lock.exists() else ""
    return int(text) if text.isdigit() else None
