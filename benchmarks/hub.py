"""What a run takes of the hub, and how soon an upload becomes one."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.finished_run import finished_run
from benchmarks.hub_load import calls, worker_slots
from benchmarks.uploads import starts, thousand_uploads

_MANY = 50


def figures() -> Iterator[Figure]:
    """A stack with one pair of pipelines, then one with fifty, of which one pair runs."""
    with tempfile.TemporaryDirectory() as folder, finished_run(Path(folder), pairs=1) as run:
        yield worker_slots(run)
        yield from calls(run, pairs=1)
        yield starts(run)
        yield from thousand_uploads(run)
    with tempfile.TemporaryDirectory() as folder, finished_run(Path(folder), pairs=_MANY) as run:
        yield from calls(run, pairs=_MANY)
