"""The name of a run, and the keys and prefixes of its data.

A run is named after the moment of its data-processing DAG run, to the microsecond. The
machine-learning DAG is given that name and never makes one.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Protocol

_RUN = re.compile(r"[0-9]{8}T[0-9]{12}")

_FORMAT = "%Y%m%dT%H%M%S%f"

RUN_PATTERN = f"^{_RUN.pattern}$"
"""A run's name as a JSON Schema pattern."""


_AUTOMATIC = ("scheduled", "backfill")


class DagRunTimes(Protocol):
    """The part of a DAG run after which a run is named."""

    run_type: str
    logical_date: datetime | None
    run_after: datetime


class NamedDagRun(DagRunTimes, Protocol):
    """With its id, which tells whether a run has triggered it."""

    run_id: str


def has_interval(dag_run: DagRunTimes) -> bool:
    """Whether a DAG run stands for an interval of the schedule: it wasn't started by hand."""
    return dag_run.run_type in _AUTOMATIC


def moment_of_dag_run(dag_run: DagRunTimes) -> datetime:
    """The end of the interval, or when the DAG run was started by hand or by another DAG.

    Airflow 3.0 gives a run that is started with a logical date the `run_after` of the last
    scheduled run, which isn't to be taken for that run.
    """
    started = None if has_interval(dag_run) else dag_run.logical_date
    return started or dag_run.run_after


def run_of(dag_run: DagRunTimes) -> str:
    """The run of a data-processing DAG run, such as `20261122T123336123456`, in UTC."""
    return run_due_at(moment_of_dag_run(dag_run))


def training_of(dag_run: NamedDagRun, run: str) -> str:
    """The name of a DAG run's training on `run`, which a cleared DAG run keeps.

    The run's own, where the run has triggered the DAG run, and else the DAG run's moment: so that a
    run that is trained on again has a training job and a model of its own.
    """
    return run if dag_run.run_id == run else run_of(dag_run)


def run_due_at(moment: datetime) -> str:
    """The run that is due at `moment`, a time with a time zone."""
    return moment.astimezone(UTC).strftime(_FORMAT)


def moment_of(run: str) -> datetime:
    """The time after which `run` is named."""
    return datetime.strptime(run, _FORMAT).replace(tzinfo=UTC)


def is_run(name: object) -> bool:
    """Whether `name` is a valid name of a run."""
    return isinstance(name, str) and _RUN.fullmatch(name) is not None


def run_prefix(run: str) -> str:
    """The prefix of a run's training data, in the source and in every destination."""
    return f"transformed/run={run}/"


def manifest_key(run: str) -> str:
    """The key of a run's manifest, beside its data."""
    return f"{run_prefix(run)}_manifest.json"


def summary_key(run: str) -> str:
    """The key of the summary that the clean-up writes."""
    return f"runs/{run}/summary.json"


def sources_key(run: str) -> str:
    """The key of what a training of several sources takes."""
    return f"runs/{run}/sources.json"


def run_of_prefix(prefix: str) -> str | None:
    """The run whose data is below `prefix`, or `None` if it isn't a run's prefix."""
    name = prefix.removeprefix("transformed/run=").removesuffix("/")
    return name if is_run(name) and prefix == run_prefix(name) else None
