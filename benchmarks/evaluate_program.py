"""How long the program takes to register its resources, under the mocks."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial

from benchmarks.figure import Figure, median, printed, seconds

_FRESH = "from tests.mocks import evaluate_stack; evaluate_stack('dev')"


def figures() -> Iterator[Figure]:
    """A process that imports everything and evaluates once, then evaluations alone."""
    yield Figure(
        what="evaluate stack dev, a fresh process with its imports",
        value=median(lambda: seconds(lambda: printed([sys.executable, "-c", _FRESH]))),
        target=2,
    )
    from tests.mocks import evaluate_stack

    evaluate_stack("dev")
    for stack in ("dev", "prod"):
        yield Figure(
            what=f"evaluate stack {stack} again in one process",
            value=median(partial(seconds, partial(evaluate_stack, stack))),
            target=0.5,
        )
