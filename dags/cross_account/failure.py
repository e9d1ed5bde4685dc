"""Failing without a retry, where a second attempt can't succeed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

try:
    from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
except ImportError:  # Airflow 3.0 has it elsewhere
    from airflow.exceptions import (  # type: ignore[no-redef]
        AirflowFailException,
        AirflowSkipException,
    )

__all__ = ["AirflowFailException", "AirflowSkipException", "PipelineError", "failing_at_once"]


class PipelineError(ValueError):
    """A pipeline's files or configuration are wrong; a retry would find the same."""


@contextmanager
def failing_at_once() -> Iterator[None]:
    """Raise a `PipelineError` as the exception after which Airflow doesn't retry."""
    try:
        yield
    except PipelineError as error:
        raise AirflowFailException(str(error)) from error
