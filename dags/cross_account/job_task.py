"""A task that starts a job, waits for it, and fails with the job's own reason.

Where AWS rejects the start for want of quota, the task defers, which takes no worker, and tries
again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NoReturn

from airflow.providers.standard.triggers.temporal import TimeDeltaTrigger

try:
    from airflow.sdk.exceptions import AirflowException
except ImportError:  # Airflow 3.0 has it elsewhere
    from airflow.exceptions import AirflowException  # type: ignore[attr-defined]

from cross_account.aws_error import ClientError, code_of
from cross_account.failure import AirflowFailException
from cross_account.settings import MAX_START_WAITS, pause_after

_START_AGAIN = "start_again"

THROTTLED = "Find out what makes so many calls in this account and Region, then clear this task."
"""What to do about a `ThrottlingException`."""


@dataclass(frozen=True, kw_only=True)
class LastJob:
    """The job that a task started last; `reason` says why it failed, if it has."""

    name: str
    status: str
    reason: str | None


class JobTask:
    """Mix-in for a deferrable operator, to be named before it."""

    log: Any
    defer: Callable[..., NoReturn]

    rejections: ClassVar[Mapping[str, str]]
    """The error codes with which AWS rejects a start that may succeed later; what to do."""

    certain_failures: ClassVar[tuple[str, ...]]
    """What a job's reason contains where every other job of this run would fail the same way."""

    def prepare(self, context: Any) -> None:
        """What precedes each start; raises where the job must not be started."""

    def last_job(self) -> LastJob | None:
        """Ask AWS for the job that this task started last."""
        raise NotImplementedError

    def execute(self, context: Any) -> Any:
        """Start the job, then defer until it has ended or may be started."""
        return self._start(context, waits=0)

    def start_again(self, context: Any, waits: int, **_event: Any) -> Any:
        """Try again after that many waits."""
        return self._start(context, waits)

    def resume_execution(
        self, next_method: str, next_kwargs: dict[str, Any] | None, context: Any
    ) -> Any:
        """Resume after the wait; if it ended badly, raise with the job's own reason.

        The trigger may have failed, timed out, or reported a failed job: which of them a failed
        job leads to differs between versions of the Amazon provider.
        """
        resume = super().resume_execution  # type: ignore[misc]
        if next_method == _START_AGAIN:
            return resume(next_method, next_kwargs, context)
        try:
            return resume(next_method, next_kwargs, context)
        except AirflowFailException:
            raise
        except AirflowException as error:
            reason = self._reason(error)
            certain = any(text in reason for text in self.certain_failures)
            raise (AirflowFailException if certain else RuntimeError)(reason) from error

    def _reason(self, error: Exception) -> str:
        job = self.last_job()
        if job is None:
            return f"The wait failed: {error}. AWS has no job of this task."
        if job.reason is None:
            return f"The wait failed: {error}. {job.name} is {job.status}."
        return f"{job.name} ended as {job.status}: {job.reason}"

    def _start(self, context: Any, waits: int) -> Any:
        try:
            self.prepare(context)
            return super().execute(context)  # type: ignore[misc]
        except ClientError as error:
            if code_of(error) not in self.rejections:
                raise
            self._wait(error, waits)

    def _wait(self, error: ClientError, waits: int) -> NoReturn:
        """Defer before the next attempt to start, or give up after the last one."""
        rejection = str(error).removesuffix(".")
        if waits >= MAX_START_WAITS:
            raise AirflowFailException(
                f"AWS rejected the job for two hours (quota or throttling): {rejection}. "
                f"{self.rejections[code_of(error)]}"
            ) from error
        pause = pause_after(waits)
        self.log.info(
            "AWS rejected the job (quota or throttling): %s. Wait %d of at most %d: %d seconds.",
            rejection,
            waits + 1,
            MAX_START_WAITS,
            pause.total_seconds(),
        )
        self.defer(
            trigger=TimeDeltaTrigger(pause),
            method_name=_START_AGAIN,
            kwargs={"waits": waits + 1},
        )
