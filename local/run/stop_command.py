"""`make stop`: end a run that is at work, and what a kept or killed run left."""

from __future__ import annotations

import os
import signal
import time

from local.run.errors import RunError
from local.run.leftovers import end_leftovers
from local.run.lock import holder, is_locked
from local.run.places import Places

LIMIT_SECONDS = 30.0
_POLL_SECONDS = 0.1


def stop(places: Places) -> None:
    """End everything of the run in this directory; says what it did.

    Raises RunError for a run that doesn't end.
    """
    at_work = is_locked(places)
    if at_work:
        _interrupt(places)
    if end_leftovers(places) or at_work:
        print("the local run is ended", flush=True)
    else:
        print("no local run was left running", flush=True)


def _interrupt(places: Places) -> None:
    """Ask the run that holds the lock to end; the lock says that it is that very process."""
    pid = holder(places)
    if pid is not None:
        os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + LIMIT_SECONDS
    while is_locked(places):
        if time.monotonic() > deadline:
            raise RunError(f"the local run (process {pid}) doesn't end: end it by hand")
        time.sleep(_POLL_SECONDS)
