"""How long the program takes to say what it wants: stack `dev` and `prod`, under the mock.

Measured by `make bench`, never asserted: the aim is below two seconds for `dev`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

from tests.mocks import evaluate_stack

ROUNDS = 5


def measure() -> Mapping[str, float]:
    """Seconds: the first evaluation, which imports the packages, and the best of the later ones."""
    measured = {"dev, first evaluation with imports": _seconds("dev")}
    for stack in ("dev", "prod"):
        measured[f"{stack}, best of {ROUNDS}"] = min(_seconds(stack) for _ in range(ROUNDS))
    return measured


def _seconds(stack: str) -> float:
    start = time.perf_counter()
    evaluate_stack(stack)
    return time.perf_counter() - start


if __name__ == "__main__":
    for what, seconds in measure().items():
        print(f"{seconds:6.2f} s  evaluate the program: {what}")
