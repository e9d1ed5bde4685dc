"""`make stop`: end a run that is at work, and what a kept or killed run left."""

from __future__ import annotations

import os
import signal
import time

from local.run.errors import RunError
from local.run.leftovers import end_leftovers
from local.run.lock import holder, is_locked
from local.run.run_directory import RunDirectory

LIMIT_SECONDS = 120.0
"""How long a run may take to end: 34 s on a machine with fifteen busy processes on two cores."""

_POLL_SECONDS = 0.1


def stop(run_directory: RunDirectory) -> None:
    """End everything of the run in this directory; says what it did.

    Raises RunError for a run that doesn't end.
    """
    at_work = is_locked(run_directory)
    if at_work:
        _interrupt(run_directory)
    if end_leftovers(run_directory) or at_work:
        print("the local run is ended", flush=True)
    else:
        print("no local run was left running", flush=True)


def _interrupt(run_directory: RunDirectory) -> None:
    """Ask the run that holds the lock to end; the lock says that it is that very process."""
    pid = holder(run_directory)
    if pid is not None:
        os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + LIMIT_SECONDS
    while is_locked(run_directory):
        if time.monotonic() > deadline:
            raise RunError(f"the local run (process {pid}) doesn't end: end it by hand")
        time.sleep(_POLL_SECONDS)
