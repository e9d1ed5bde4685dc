"""What became of the mutants, area by area."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mutation.running import Result, results_of
from mutation.scope import Area


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of an area's mutants."""

    area: Area
    results: Sequence[Result]

    def survivors(self, path: str | None = None) -> list[Result]:
        """Those that no test noticed, of the module in `path` or of all."""
        return [result for result in self.of(path) if not result.noticed]

    def of(self, path: str | None) -> list[Result]:
        """The results of the module in `path`, or all."""
        return [result for result in self.results if path in {None, result.mutant.path}]


def outcomes_of(areas: Sequence[Area], *, progress: Callable[[str], None]) -> list[Outcome]:
    """Try every mutant of `areas`, one area after the other on all cores."""
    workers = os.cpu_count() or 1
    return [
        Outcome(area=area, results=results_of(area, area.tests, workers=workers, progress=progress))
        for area in areas
    ]
