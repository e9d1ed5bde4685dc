"""One measured figure, and how figures are measured."""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FRESH_PROCESSES = 5
"""How many times a short figure is taken; the median counts."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of the table."""

    what: str
    value: float
    unit: str = "s"
    target: float | None = None
    """What it should stay below, on two cores that have nothing else to do."""


class NotMeasuredError(Exception):
    """A measured program failed: which, and what it printed."""


def printed(
    command: Sequence[str | Path], environment: Mapping[str, str] | None = None, cwd: Path = ROOT
) -> str:
    """What a program prints; an error if it fails."""
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = (done.stdout + done.stderr)[-2000:]
        raise NotMeasuredError(f"{command[:4]} ended with status {done.returncode}:\n{said}")
    return done.stdout


def seconds(action: Callable[[], object]) -> float:
    """How long a call takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def median(action: Callable[[], float]) -> float:
    """The median of several measurements."""
    return statistics.median(action() for _ in range(FRESH_PROCESSES))
