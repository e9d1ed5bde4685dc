"""The run as a picture in a terminal, redrawn while it changes."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from local.run.output import say
from local.run.progress import Phase, Progress
from local.run.states import WAITING, TaskKey

_REDRAWN_PER_SECOND = 5

_COLOURS = {
    "success": "green",
    "failed": "red",
    "upstream_failed": "red",
    "running": "cyan",
    "deferred": "magenta",
    "up_for_retry": "yellow",
}
_OVER = frozenset({"success", "failed", "upstream_failed", "skipped", "removed"})


@contextmanager
def shown(console: Console, before: float = 0.0) -> Iterator[Progress]:
    """A progress that is drawn in a terminal, and written line by line anywhere else.

    `before` is how many seconds of the run have passed already.
    """
    if not console.is_terminal:
        yield Progress(lambda line: say(line, sys.stdout), before=before)
        return
    # The picture shows the same as the lines.
    picture = _Picture(console, Progress(lambda _line: None, before=before))
    with Live(picture, console=console, refresh_per_second=_REDRAWN_PER_SECOND):
        yield picture.progress


class _Picture:
    """Drawn from the progress each time that rich asks."""

    def __init__(self, console: Console, progress: Progress) -> None:
        self._console = console
        self.progress = progress
        self._spinner = Spinner("dots")

    def __rich__(self) -> RenderableType:
        phases = Table.grid(padding=(0, 1))
        for phase in list(self.progress.phases):
            phases.add_row(self._mark(phase), phase.name, self._seconds(phase), phase.detail)
        tasks = Table.grid(padding=(0, 1))
        # The last line stays free for the cursor.
        for key, state in self._shown(self._console.height - phases.row_count - 1):
            colour = _COLOURS.get(state, "white")
            tasks.add_row("   ", key.dag_id, key.task_id, Text(state, style=colour))
        return Group(phases, tasks)

    def _shown(self, room: int) -> list[tuple[TaskKey, str]]:
        """All tasks, or, where they don't fit, those to come and a count of the others by DAG."""
        tasks = list(self.progress.tasks.items())
        if len(tasks) <= room:
            return tasks
        over = Counter((key.dag_id, key.run_id) for key, state in tasks if state in _OVER)
        counts = [(TaskKey(*run, f"{count} tasks"), "over") for run, count in sorted(over.items())]
        # What runs comes before what waits: the end is what a terminal cuts off.
        unfinished = [(key, state) for key, state in tasks if state not in _OVER]
        return counts + sorted(unfinished, key=lambda row: row[1] == WAITING)

    def _mark(self, phase: Phase) -> RenderableType:
        if phase.failed:
            return Text("x", style="red")
        return self._spinner if phase.ended is None else Text("+", style="green")

    def _seconds(self, phase: Phase) -> str:
        seconds = phase.seconds
        if seconds is None:
            seconds = self.progress.elapsed() - phase.started
        return f"{seconds:5.1f} s"
