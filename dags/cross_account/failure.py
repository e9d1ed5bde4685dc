"""Failing at once, without a retry, where a second attempt can't end differently."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

try:
    from airflow.sdk.exceptions import AirflowFailException
except ImportError:  # Airflow 3.0 has it elsewhere
    from airflow.exceptions import AirflowFailException  # type: ignore[no-redef]

__all__ = ["AirflowFailException", "PipelineError", "failing_at_once"]


class PipelineError(ValueError):
    """What a pipeline holds is wrong, and is wrong again if one looks again."""


@contextmanager
def failing_at_once() -> Iterator[None]:
    """Turn a `PipelineError` into the exception after which Airflow doesn't retry."""
    try:
        yield
    except PipelineError as error:
        raise AirflowFailException(str(error)) from error
