"""A task that waits for a job, and ends with the job's own reason where the job fails."""

from __future__ import annotations

from typing import Any

try:
    from airflow.sdk.exceptions import AirflowException
except ImportError:  # Airflow 3.0 has it elsewhere
    from airflow.exceptions import AirflowException  # type: ignore[attr-defined]


class JobTask:
    """Mix-in for a deferrable operator, to stand before it."""

    def ending(self, error: Exception) -> str:
        """What became of the job, asked of AWS; `error` is what the wait for it ended with."""
        raise NotImplementedError

    def resume_execution(
        self, next_method: str, next_kwargs: dict[str, Any] | None, context: Any
    ) -> Any:
        """Go on after the wait; where that ends badly, raise with the job's own reason.

        However it ends: the trigger failed, took too long, or told of a failed job. Which of them
        a failed job comes as differs from one version of the Amazon provider to the next.
        """
        try:
            return super().resume_execution(  # type: ignore[misc]
                next_method, next_kwargs, context
            )
        except AirflowException as error:
            raise RuntimeError(self.ending(error)) from error
