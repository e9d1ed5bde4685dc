"""What a run is doing, as one line per change; `live` shows the same as a picture."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from local.run.states import WAITING, TaskKey


@dataclass
class Phase:
    """A part of the run; times in seconds since the run's start."""

    name: str
    started: float
    ended: float | None = None
    detail: str = ""
    failed: bool = False

    @property
    def seconds(self) -> float | None:
        """How long it took; None while it lasts."""
        return None if self.ended is None else self.ended - self.started


@dataclass
class Progress:
    """The phases and tasks so far; every change is shown as a line by `show`.

    Changes come from several threads.
    """

    show: Callable[[str], None]
    phases: list[Phase] = field(default_factory=list)
    tasks: dict[TaskKey, str] = field(default_factory=dict)
    clock: Callable[[], float] = time.monotonic
    before: float = 0.0
    """Seconds of the run that had passed already."""

    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        """Start counting."""
        self._start = self.clock() - self.before

    def elapsed(self) -> float:
        """Seconds since the run's start."""
        return self.clock() - self._start

    def say(self, text: str) -> None:
        """Show one line."""
        with self._lock:
            self.show(f"{self.elapsed():6.1f} s  {text}")

    def begin(self, name: str) -> Phase:
        """Start a phase."""
        with self._lock:
            phase = Phase(name, self.elapsed())
            self.phases.append(phase)
            self.say(f"{name}: started")
            return phase

    def end(self, phase: Phase, at: float | None = None) -> None:
        """End a phase that went well, now or when it was known to be over."""
        with self._lock:
            if phase.ended is None:
                phase.ended = self.elapsed() if at is None else at
                detail = f"{phase.detail}, " if phase.detail else ""
                self.say(f"{phase.name}: done ({detail}{phase.seconds:.1f} s)")

    @contextmanager
    def phase(self, name: str) -> Iterator[Phase]:
        """A phase for as long as the block lasts; left as failed if that raises."""
        phase = self.begin(name)
        try:
            yield phase
        except BaseException:
            phase.failed = True
            raise
        self.end(phase)

    def task(self, key: TaskKey, state: str) -> None:
        """A task's state; shown when it is a new one, and more than that there is a task."""
        with self._lock:
            if self.tasks.get(key) != state:
                self.tasks[key] = state
                if state != WAITING:
                    self.say(f"{key.dag_id} {key.task_id}: {state}")
