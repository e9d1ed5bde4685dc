"""The run as a picture in a terminal, redrawn while it changes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from local.run.output import say
from local.run.progress import Phase, Progress

_REDRAWN_PER_SECOND = 5

_COLOURS = {
    "success": "green",
    "failed": "red",
    "upstream_failed": "red",
    "running": "cyan",
    "deferred": "magenta",
    "up_for_retry": "yellow",
}


@contextmanager
def shown(console: Console) -> Iterator[Progress]:
    """A progress that is drawn in a terminal, and written line by line anywhere else."""
    if not console.is_terminal:
        yield Progress(lambda line: say(line, sys.stdout))
        return
    # The picture says it all, so the lines are left out.
    picture = _Picture(Progress(lambda _line: None))
    with Live(picture, console=console, refresh_per_second=_REDRAWN_PER_SECOND):
        yield picture.progress


class _Picture:
    """Drawn anew from the progress each time that rich asks."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self._spinner = Spinner("dots")

    def __rich__(self) -> RenderableType:
        phases = Table.grid(padding=(0, 1))
        for phase in list(self.progress.phases):
            phases.add_row(self._mark(phase), phase.name, self._seconds(phase), phase.detail)
        tasks = Table.grid(padding=(0, 1))
        for key, state in list(self.progress.tasks.items()):
            colour = _COLOURS.get(state, "white")
            tasks.add_row("   ", key.dag_id, key.task_id, Text(state, style=colour))
        return Group(phases, tasks)

    def _mark(self, phase: Phase) -> RenderableType:
        if phase.failed:
            return Text("x", style="red")
        return self._spinner if phase.ended is None else Text("+", style="green")

    def _seconds(self, phase: Phase) -> str:
        seconds = phase.seconds
        if seconds is None:
            seconds = self.progress.elapsed() - phase.started
        return f"{seconds:5.1f} s"
