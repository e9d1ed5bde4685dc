"""`<run>`, which tells the runs' data apart, and the keys at which a run's things are.

A run is named after the moment at which its data-processing DAG run was due, to the microsecond.
The machine-learning DAG gets that name handed over and never derives one.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Protocol

_RUN = re.compile(r"[0-9]{8}T[0-9]{12}")

_FORMAT = "%Y%m%dT%H%M%S%f"

RUN_PATTERN = f"^{_RUN.pattern}$"
"""A run's name as a JSON schema writes it."""


class RunDue(Protocol):
    """The part of a DAG run that names a run."""

    run_after: datetime


def run_of(dag_run: RunDue) -> str:
    """The run that `dag_run` makes: 21 characters such as `20261122T123336123456`, in UTC."""
    return run_due_at(dag_run.run_after)


def run_due_at(moment: datetime) -> str:
    """The run that is due at `moment`, a time with its zone."""
    return moment.astimezone(UTC).strftime(_FORMAT)


def moment_of(run: str) -> datetime:
    """The moment that `run` is named after."""
    return datetime.strptime(run, _FORMAT).replace(tzinfo=UTC)


def is_run(name: object) -> bool:
    """Whether `name` can name a run."""
    return isinstance(name, str) and _RUN.fullmatch(name) is not None


def triggered_run_id(pipeline: str, run: str) -> str:
    """The id of the machine-learning DAG run that the data pipeline starts for `run`."""
    return f"{pipeline}__{run}"


def run_folder(run: str) -> str:
    """Where a run's training data is, in the source bucket and in every destination."""
    return f"transformed/run={run}/"


def manifest_key(run: str) -> str:
    """Where a run's manifest is, beside its data."""
    return f"{run_folder(run)}_manifest.json"


def summary_key(run: str) -> str:
    """Where the clean-up writes what became of a run."""
    return f"runs/{run}/summary.json"


def run_in_folder(folder: str) -> str | None:
    """The run whose folder `folder` is, or `None` if it is no run's."""
    name = folder.removeprefix("transformed/run=").removesuffix("/")
    return name if is_run(name) and folder == run_folder(name) else None
