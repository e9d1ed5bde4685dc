"""A task that starts a job, waits for it, and ends with the job's own reason where the job fails.

Where AWS has no room for the job, the task waits for that too, in no worker, and starts it then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, NoReturn

from airflow.providers.standard.triggers.temporal import TimeDeltaTrigger

try:
    from airflow.sdk.exceptions import AirflowException
except ImportError:  # Airflow 3.0 has it elsewhere
    from airflow.exceptions import AirflowException  # type: ignore[attr-defined]

from cross_account.aws_error import ClientError, code_of
from cross_account.failure import AirflowFailException
from cross_account.settings import MOST_WAITS_FOR_ROOM, pause_after

_START_AGAIN = "start_again"

THROTTLED = (
    "The account makes more calls in this Region than AWS takes: find out what makes so many, "
    "then clear this task."
)
"""What to do about a `ThrottlingException`."""


class JobTask:
    """Mix-in for a deferrable operator, to stand before it."""

    log: Any
    defer: Callable[..., NoReturn]

    shortages: ClassVar[Mapping[str, str]]
    """The error codes by which AWS says that it has no room for the job now, with what to do."""

    def prepare(self, context: Any) -> None:
        """What comes before each start; raises what speaks against it."""

    def ending(self, error: Exception) -> str:
        """What became of the job, asked of AWS; `error` is what the wait for it ended with."""
        raise NotImplementedError

    def execute(self, context: Any) -> Any:
        """Start the job, and defer until it is over, or until it may be started."""
        return self._start(context, waits=0)

    def start_again(self, context: Any, waits: int, **_event: Any) -> Any:
        """Go on after the wait for room of this number, counted from 1."""
        return self._start(context, waits)

    def resume_execution(
        self, next_method: str, next_kwargs: dict[str, Any] | None, context: Any
    ) -> Any:
        """Go on after the wait; where that ends badly, raise with the job's own reason.

        However it ends: the trigger failed, took too long, or told of a failed job. Which of them
        a failed job comes as differs from one version of the Amazon provider to the next.
        """
        resume = super().resume_execution  # type: ignore[misc]
        if next_method == _START_AGAIN:
            return resume(next_method, next_kwargs, context)
        try:
            return resume(next_method, next_kwargs, context)
        except AirflowException as error:
            raise RuntimeError(self.ending(error)) from error

    def _start(self, context: Any, waits: int) -> Any:
        try:
            self.prepare(context)
            return super().execute(context)  # type: ignore[misc]
        except ClientError as error:
            if code_of(error) not in self.shortages:
                raise
            self._wait_for_room(error, waits)

    def _wait_for_room(self, error: ClientError, waits: int) -> NoReturn:
        """Defer for a while, or give up after the last time."""
        refusal = str(error).removesuffix(".")
        if waits >= MOST_WAITS_FOR_ROOM:
            raise AirflowFailException(
                f"AWS has had no room for the job for about two hours. {refusal}. "
                f"{self.shortages[code_of(error)]}"
            ) from error
        pause = pause_after(waits)
        self.log.info(
            "AWS has no room for the job now. %s. Wait %d of at most %d: %d seconds.",
            refusal,
            waits + 1,
            MOST_WAITS_FOR_ROOM,
            pause.total_seconds(),
        )
        self.defer(
            trigger=TimeDeltaTrigger(pause),
            method_name=_START_AGAIN,
            kwargs={"waits": waits + 1},
        )
