"""How much memory a program and everything that it started take together (Linux)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

_KIBIBYTES_PER_GIBIBYTE = 1024 * 1024


@dataclass
class ProcessFamily:
    """A process, its descendants, and the process groups that any of them led."""

    root: int
    peak: float = 0.0
    """The most memory seen, in GiB: shared pages count for each process in part (PSS)."""
    _groups: set[int] = field(default_factory=set)

    def sample(self) -> None:
        """Look at all members once."""
        total = sum(_proportional_kibibytes(pid) for pid in self._members())
        self.peak = max(self.peak, total / _KIBIBYTES_PER_GIBIBYTE)

    def _members(self) -> set[int]:
        parents, groups = _processes()
        members = {self.root} & set(parents)
        members |= {pid for pid, group in groups.items() if group in self._groups}
        while more := {pid for pid, parent in parents.items() if parent in members} - members:
            members |= more
        self._groups |= {groups[pid] for pid in members if groups[pid] in members}
        return members


def _processes() -> tuple[dict[int, int], dict[int, int]]:
    """The parent and the process group of every process."""
    parents, groups = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            _, parent, group, *_ = stat.read_text().rpartition(")")[2].split()
            pid = int(stat.parent.name)
            parents[pid], groups[pid] = int(parent), int(group)
    return parents, groups


def _proportional_kibibytes(pid: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
