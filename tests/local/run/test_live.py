"""The picture in a terminal."""

from __future__ import annotations

import io

from rich.console import Console

from local.run.live import shown
from local.run.states import WAITING, TaskKey


def picture(tasks: dict[TaskKey, str], height: int) -> str:
    """The last picture that a terminal of so many lines gets."""
    output = io.StringIO()
    console = Console(file=output, force_terminal=True, width=100, height=height)
    with shown(console) as progress:
        progress.begin("deployment")
        for key, state in tasks.items():
            progress.task(key, state)
    # Each picture begins by erasing the one before it.
    return output.getvalue().rpartition("\x1b[2K")[2]


def a_dags_tasks(dag_id: str, running: int) -> dict[TaskKey, str]:
    """Ten tasks: those before `running` are over, those after it wait."""
    states = ["success"] * running + ["running"] + [WAITING] * (9 - running)
    return {TaskKey(dag_id, "run", f"task_{n}"): state for n, state in enumerate(states)}


def test_everything_where_there_is_room() -> None:
    said = picture(a_dags_tasks("dag", 4), height=24)

    assert [f"task_{number}" in said for number in range(10)] == [True] * 10


def test_what_runs_where_there_is_little() -> None:
    tasks = {**a_dags_tasks("first", 9), **a_dags_tasks("second", 8), **a_dags_tasks("third", 1)}

    said = picture(tasks, height=24)

    lines = [line for line in said.splitlines() if "running" in line]
    assert [line.split()[:2] for line in lines] == [
        ["first", "task_9"],
        ["second", "task_8"],
        ["third", "task_1"],
    ]
    assert "8 tasks" in said
    assert "task_7" not in next(line for line in said.splitlines() if "second" in line)
