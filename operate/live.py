"""A run's progress: a table that is redrawn in a terminal, a line per change anywhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from operate.dag_runs import DagRun, Task
from operate.following import Flow
from operate.output import line, seconds

_COLOURS = {
    "success": "green",
    "failed": "red",
    "upstream_failed": "red",
    "running": "cyan",
    "deferred": "magenta",
    "up_for_retry": "yellow",
}


@contextmanager
def shown(to: Console) -> Iterator[Callable[[Flow], None]]:
    """What shows a run each time that it was looked at."""
    if not to.is_terminal:
        yield _Lines(to).show
        return
    with Live(console=to, auto_refresh=False) as live:
        yield lambda flow: live.update(_picture(flow), refresh=True)


class _Lines:
    """Prints each state once."""

    def __init__(self, to: Console) -> None:
        self._to = to
        self._known: dict[tuple[str, ...], str | None] = {}

    def show(self, flow: Flow) -> None:
        for run in flow.dag_runs:
            self._changed((run.dag_id, run.run_id), run.state)
        for task in flow.tasks:
            if task.state is not None:
                self._changed((task.dag_id, task.task_id), task.state)

    def _changed(self, what: tuple[str, ...], state: str) -> None:
        if self._known.get(what) != state:
            self._known[what] = state
            line(self._to, f"{datetime.now(UTC):%H:%M:%S}  {' '.join(what)}: {state}")


def _picture(flow: Flow) -> Table:
    picture = Table("DAG", "task", "state", "seconds")
    for run in flow.dag_runs:
        picture.add_row(run.dag_id, run.run_id, _coloured(run.state), _so_far(run))
        # What is done makes room for what isn't: the end is what a terminal cuts off.
        for task in flow.tasks if run.state != "success" else []:
            if (task.dag_id, task.run_id) == (run.dag_id, run.run_id):
                picture.add_row("", task.task_id, _coloured(task.state), _so_far(task))
    return picture


def _coloured(state: str | None) -> Text:
    return Text(state or "waiting", style=_COLOURS.get(state or "", "white"))


def _so_far(row: DagRun | Task) -> str:
    if row.started is not None and row.ended is None:
        return seconds((datetime.now(UTC) - row.started).total_seconds())
    return seconds(row.seconds)
