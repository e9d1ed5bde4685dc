"""What a scheduler does with a task that waits, where `dag.test` does something else.

A scheduler resumes a task whose trigger failed, so that the task can say why, and hands it what it
left for itself when it began to wait. `dag.test` fails the task on the spot, and hands it the
event alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import airflow.sdk.definitions.dag as definitions
import pytest
from airflow.providers.standard.triggers.temporal import DateTimeTrigger
from airflow.sdk.execution_time import supervisor
from cross_account.job_task import JobTask

_FAILED = "the trigger failed"


@contextmanager
def scheduling() -> Iterator[dict[str, str]]:
    """Let `dag.test` behave like a scheduler; yields the error of each task that failed."""
    errors: dict[str, str] = {}
    run, resume = supervisor.run_task_in_process, JobTask.resume_execution
    wait: Any = definitions._run_inline_trigger

    def run_task(**arguments: Any) -> Any:
        result = run(**arguments)
        errors[arguments["ti"].task_id] = str(result.error)
        return result

    def run_trigger(trigger: Any, *rest: Any) -> Any:
        try:
            event = wait(trigger, *rest)
        except Exception:  # noqa: BLE001 (as the triggerer does)
            return SimpleNamespace(payload={_FAILED: True})
        # Without an event, the task's own arguments are passed on.
        return None if isinstance(trigger, DateTimeTrigger) else event

    def resume_task(task: JobTask, next_method: str, next_kwargs: Any, context: Any) -> Any:
        if _FAILED in next_kwargs.get("event", {}):
            next_method, next_kwargs = "__fail__", {"error": "Trigger failure"}
        return resume(task, next_method, next_kwargs, context)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(supervisor, "run_task_in_process", run_task)
        patch.setattr(definitions, "_run_inline_trigger", run_trigger)
        patch.setattr(JobTask, "resume_execution", resume_task)
        yield errors
