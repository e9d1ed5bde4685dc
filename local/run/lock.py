"""One run at a time in a working directory."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from local.run.errors import UsageError
from local.run.places import Places


@contextmanager
def locked(places: Places) -> Iterator[None]:
    """Hold the directory's lock; the kernel frees it however the process ends.

    Raises UsageError while another run holds it.
    """
    places.directory.mkdir(parents=True, exist_ok=True)
    with places.lock.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(
                f"another local run is at work in {places.directory} (process"
                f" {holder(places) or 'unknown'}): wait for its end, or end it with `make stop`"
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def is_locked(places: Places) -> bool:
    """Whether a run is at work."""
    if not places.lock.exists():
        return False
    with places.lock.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def holder(places: Places) -> int | None:
    """The process id of the run that holds, or last held, the lock."""
    text = places.lock.read_text(encoding="utf-8") if places.lock.exists() else ""
    return int(text) if text.isdigit() else None
