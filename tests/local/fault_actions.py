"""Means of playing a fault in a local run: processes, a changed secret, and waits."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psutil

from local.run.states import DagRun
from tests.local.kept_run import KeptRun, wait_for


def process(kept: KeptRun, name: str, *others: int) -> int:
    """The id of the gateway's child whose name ends so, and that is none of `others`."""

    def found() -> int | None:
        rows = json.loads(kept.run_directory.aws_processes.read_text(encoding="utf-8"))
        pids = (row["pid"] for row in rows if row["name"].endswith(name))
        return next((pid for pid in pids if pid not in others), None)

    return wait_for(f"a process {name}", found)


def worker_of(kept: KeptRun, run: DagRun, task_id: str) -> tuple[int, int]:
    """The ids of the worker that has the task and of the process in which the task runs."""
    instance = _instance_id(kept, run, task_id)

    def found() -> tuple[int, int] | None:
        # Airflow writes the task's id into both processes' titles.
        titled = _titled(instance)
        pids = {one.pid for one in titled}
        with suppress(psutil.NoSuchProcess):
            return next(((one.ppid(), one.pid) for one in titled if one.ppid() in pids), None)
        return None

    return wait_for(f"the process of {task_id}", found)


def kill(*pids: int) -> None:
    """End processes without a warning."""
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def kill_scheduler(kept: KeptRun) -> None:
    """Kill it; the gateway ends its workers, as they share a container, and starts it again."""
    scheduler = process(kept, "/scheduler")
    kill(scheduler)
    process(kept, "/scheduler", scheduler)


def of_the_hubs_account(kept: KeptRun, secret: str) -> str:
    """The same connection with a role of the hub's own account."""
    connection = json.loads(secret)
    role = kept.names.role("hub", "execution")
    extra = {
        **connection["extra"],
        "role_arn": f"arn:aws:iam::{kept.plan.hub.account_id}:role/{role}",
    }
    return json.dumps({**connection, "extra": extra})


@contextmanager
def stopped(pid: int) -> Iterator[None]:
    """A process group that doesn't get on, for as long as the block lasts or it lives."""
    os.killpg(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGCONT)


def in_state(kept: KeptRun, run: DagRun, task_id: str, *states: str) -> None:
    """Wait until a task of `run` is in one of these states."""

    def reached() -> bool | None:
        task = kept.tasks(run).get(task_id)
        return True if task is not None and task.state in states else None

    wait_for(f"{task_id} of {run.run_id} in {', '.join(states)}", reached)


def job_run(kept: KeptRun, run: DagRun, number: int, *states: str) -> dict[str, Any]:
    """The run's job run of this number, counted from 0, once it is in one of these states."""

    def reached() -> dict[str, Any] | None:
        found = kept.glue_runs(run.run)[number : number + 1]
        return found[0] if found and found[0]["JobRunState"] in states else None

    return wait_for(f"job run {number} in {', '.join(states)}", reached)


def failed_once(kept: KeptRun, run: DagRun, task_id: str) -> None:
    """Wait until the first attempt of a task is over, and wasn't the last."""

    def over() -> bool | None:
        task = kept.tasks(run).get(task_id)
        return True if task and (task.state == "up_for_retry" or task.attempt > 1) else None

    wait_for(f"a failed attempt of {task_id}", over)


def ml_run_of(kept: KeptRun, run: DagRun) -> DagRun:
    """The ML run that a data run starts, once it has."""
    return wait_for(f"the ML run of {run.run_id}", lambda: kept.ml_run(run))


def invocations(kept: KeptRun) -> int:
    """How often the clean-up function was called."""
    return sum(call["action"] == "lambda:InvokeFunction" for call in kept.calls())


def _instance_id(kept: KeptRun, run: DagRun, task_id: str) -> str:
    """The id of a task instance, which is another one for each attempt."""
    rows = kept.api._rows(f"/dags/{run.dag_id}/dagRuns/~/taskInstances", "task_instances")
    wanted = (run.run_id, task_id)
    (row,) = [row for row in rows if (row["dag_run_id"], row["task_id"]) == wanted]
    return str(row["id"])


def _titled(instance: str) -> list[psutil.Process]:
    """The processes that have a task instance's id in their titles."""
    return [one for one in psutil.process_iter() if instance in _title(one)]


def _title(process: psutil.Process) -> str:
    with suppress(psutil.NoSuchProcess):
        return " ".join(process.cmdline())
    return ""
