"""How much memory and work a program and everything that it started take together (Linux)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import psutil

_BYTES_PER_GIBIBYTE = 1024**3


@dataclass
class ProcessFamily:
    """A process, its descendants, and the process groups that any of them led."""

    root: int
    peak: float = 0.0
    """The most memory seen, in GiB: shared pages count for each process in part (PSS)."""
    _seconds: dict[int, float] = field(default_factory=dict)
    _groups: set[int] = field(default_factory=set)

    @property
    def processor_seconds(self) -> float:
        """How long processors worked for the members, until each was last seen."""
        return sum(self._seconds.values())

    def sample(self) -> None:
        """Look at all members once."""
        total = 0
        for process in set(self._members()):
            with suppress(psutil.Error):  # it has ended meanwhile
                total += process.memory_full_info().pss
                times = process.cpu_times()
                self._seconds[process.pid] = times.user + times.system
        self.peak = max(self.peak, total / _BYTES_PER_GIBIBYTE)

    def _members(self) -> Iterator[psutil.Process]:
        """A daemon has another parent, but still in its group or a child of one there."""
        for process in psutil.process_iter():
            with suppress(psutil.Error, ProcessLookupError):
                if process.pid == self.root or os.getpgid(process.pid) in self._groups:
                    for member in (process, *process.children(recursive=True)):
                        if os.getpgid(member.pid) == member.pid:
                            self._groups.add(member.pid)
                        yield member
