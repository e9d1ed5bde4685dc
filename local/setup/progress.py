"""One plain line per step, with its duration."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say that `what` is done, once it is, and how long it took."""
    start = time.monotonic()
    yield
    print(f"setup: {what} ({time.monotonic() - start:.1f} s)", flush=True)
