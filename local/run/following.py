"""Unpauses the DAGs, starts the data DAGs and follows every run that they start."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from local.deployment.stopping import Stop
from local.run.airflow_api import AirflowApi
from local.run.errors import RunError
from local.run.plan import DataPipeline, Plan
from local.run.progress import Phase, Progress
from local.run.states import DagRun, Task, TaskKey

POLL_SECONDS = 1.0

KNOWN_SECONDS = 120.0
"""How long Airflow may take to load the DAG files once it is available."""

STALL_SECONDS = 15 * 60.0
"""How long no task may change its state: more than any task takes, but for a job's own time."""

_TRIES = 10
"""How often in a row Airflow may fail to answer before that counts."""


Answer = TypeVar("Answer")


@dataclass(frozen=True, kw_only=True)
class Flow:
    """The runs that were followed to their end."""

    data_runs: dict[str, DagRun]
    """By data pipeline."""
    ml_runs: dict[tuple[str, str], DagRun]
    """By ML pipeline and the data pipeline that triggered it; a failed data run triggers none."""
    tasks: tuple[Task, ...]

    @property
    def runs(self) -> tuple[DagRun, ...]:
        """All of them, those of data pipelines first."""
        return (*self.data_runs.values(), *self.ml_runs.values())

    def tasks_of(self, run: DagRun) -> list[Task]:
        """The tasks of one of the runs, in their order."""
        return [task for task in self.tasks if task.key[:2] == (run.dag_id, run.run_id)]

    def trainings(self, ml_pipeline: str) -> list[DagRun]:
        """The DAG runs of an ML pipeline, without those that waited for another source."""
        runs = [run for (name, _), run in self.ml_runs.items() if name == ml_pipeline]
        return [run for run in runs if {task.state for task in self.tasks_of(run)} != {"skipped"}]

    @property
    def failed_tasks(self) -> list[Task]:
        """The tasks that failed, the earliest first; not those that a failure kept from running."""
        failed = [task for task in self.tasks if task.state == "failed" and task.ended]
        return sorted(failed, key=lambda task: str(task.ended))


def start(plan: Plan, moment: datetime, api: AirflowApi, stop: Stop) -> dict[str, DagRun]:
    """Unpause every DAG and trigger the data pipelines' DAGs; returns the runs by pipeline.

    `moment` is the time that the runs are named after, and that their raw files' keys depend on. A
    pipeline that starts on uploads has its file already: its run starts by itself.
    """
    _wait_until_known(plan, api, stop)
    # The ML pipelines first, so that no run of theirs waits until its DAG is unpaused.
    for ml in plan.ml_pipelines:
        api.unpause(ml.dag_id)
    for pipeline in plan.data_pipelines:
        api.unpause(pipeline.dag_id)
    return {
        pipeline.name: _started_by_upload(pipeline, api, stop)
        if pipeline.on_upload
        else api.trigger(pipeline.dag_id, moment)
        for pipeline in plan.data_pipelines
    }


def _started_by_upload(pipeline: DataPipeline, api: AirflowApi, stop: Stop) -> DagRun:
    deadline = time.monotonic() + KNOWN_SECONDS
    while time.monotonic() < deadline:
        runs = [run for run in _patiently(api.dag_runs, stop) if run.dag_id == pipeline.dag_id]
        if runs:
            return runs[0]
        stop.pause(POLL_SECONDS)
    raise RunError(
        f"the upload to {pipeline.bucket} started no run of {pipeline.dag_id} within "
        f"{KNOWN_SECONDS:.0f} s: the log of the function that starts runs says why"
    )


def follow(
    plan: Plan, started: dict[str, DagRun], api: AirflowApi, progress: Progress, stop: Stop
) -> Flow:
    """Watch until every run is over, also those that the started ones start."""
    phases = _Phases(progress)
    changed = time.monotonic()
    before: list[tuple[TaskKey, str]] = []
    while True:
        flow = _patiently(lambda: _look(plan, started, api), stop)
        for task in flow.tasks:
            progress.task(task.key, task.state)
        phases.update(flow)
        if _is_over(plan, flow):
            return flow
        now = [(task.key, task.state) for task in flow.tasks]
        moment = time.monotonic()
        if now != before:
            before, changed = now, moment
        patience = _patience(plan, flow)
        if moment - changed > patience:
            raise RunError(_stalled(flow, patience))
        stop.pause(POLL_SECONDS)


def _look(plan: Plan, started: dict[str, DagRun], api: AirflowApi) -> Flow:
    runs = {(run.dag_id, run.run_id): run for run in api.dag_runs()}
    data_runs = {name: runs.get((run.dag_id, run.run_id), run) for name, run in started.items()}
    wanted = {
        (ml.name, data.name): (ml.dag_id, ml.triggered_by(data.name, data_runs[data.name].run))
        for data in plan.data_pipelines
        for ml in plan.ml_pipelines
        if ml.name in data.ml_pipelines
    }
    ml_runs = {name: runs[key] for name, key in wanted.items() if key in runs}
    followed = {(run.dag_id, run.run_id) for run in (*data_runs.values(), *ml_runs.values())}
    tasks = [task for task in api.tasks() if task.key[:2] in followed]
    return Flow(data_runs=data_runs, ml_runs=ml_runs, tasks=tuple(sorted(tasks, key=_order)))


def _order(task: Task) -> tuple[str, bool, str]:
    """By DAG, in the order in which the tasks started, those to come last."""
    return task.key.dag_id, task.started is None, str(task.started)


def _is_over(plan: Plan, flow: Flow) -> bool:
    if not all(run.is_over for run in flow.runs):
        return False
    return all(
        (ml, pipeline.name) in flow.ml_runs
        for pipeline in plan.data_pipelines
        for ml in pipeline.ml_pipelines
        if flow.data_runs[pipeline.name].state == "success"
    )


class _Phases:
    """The data DAGs and the ML DAGs as phases of the run."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._data = progress.begin("data processing")
        self._ml: Phase | None = None

    def update(self, flow: Flow) -> None:
        """Begin and end the phases as the runs do."""
        if flow.ml_runs and self._ml is None:
            self._ml = self._progress.begin("machine learning")
        self._end(self._data, list(flow.data_runs.values()))
        if self._ml is not None and self._data.ended is not None:
            self._end(self._ml, list(flow.ml_runs.values()))

    def _end(self, phase: Phase, runs: list[DagRun]) -> None:
        phase.failed = any(run.state == "failed" for run in runs)
        if all(run.is_over for run in runs) and not phase.failed:
            self._progress.end(phase)


def _wait_until_known(plan: Plan, api: AirflowApi, stop: Stop) -> None:
    deadline = time.monotonic() + KNOWN_SECONDS
    while missing := plan.dag_ids - _patiently(api.dag_ids, stop):
        if time.monotonic() > deadline:
            raise RunError(_unknown(missing, api))
        stop.pause(POLL_SECONDS)


def _unknown(missing: frozenset[str], api: AirflowApi) -> str:
    errors = "\n".join(api.import_errors()) or "it reports no import error"
    return f"Airflow doesn't know {', '.join(sorted(missing))}: {errors}"


def _patiently(ask: Callable[[], Answer], stop: Stop) -> Answer:
    """What `ask` returns; Airflow may fail to answer a few times, as SQLite is busy."""
    for _ in range(_TRIES - 1):
        try:
            return ask()
        except RunError:
            stop.pause(POLL_SECONDS)
    return ask()


def _patience(plan: Plan, flow: Flow) -> float:
    """How long nothing may change, in seconds: a task that waits for a job is deferred until then.

    The job ends by itself at its own limit, with a better reason.
    """
    waits = any(task.state == "deferred" for task in flow.tasks)
    return STALL_SECONDS + (plan.longest_job_seconds if waits else 0)


def _stalled(flow: Flow, patience: float) -> str:
    waiting = [
        f"{task.key.dag_id} {task.key.task_id} ({task.state})"
        for task in flow.tasks
        if task.state in ("running", "deferred", "queued", "up_for_retry", "scheduled")
    ]
    tasks = ", ".join(waiting) or "no task runs"
    return f"nothing has changed for {patience / 60:.0f} minutes: {tasks}"
