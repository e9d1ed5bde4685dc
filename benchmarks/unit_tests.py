"""How long the tests of the components and workloads take."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from benchmarks.figure import Figure, printed, seconds


def figures() -> Iterator[Figure]:
    """`make test-unit` as a user waits for it."""
    make = shutil.which("make") or "make"
    yield Figure(
        what="make test-unit", value=seconds(lambda: printed([make, "test-unit"])), target=20
    )
