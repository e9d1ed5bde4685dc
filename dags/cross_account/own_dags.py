"""What a DAG of a team's own may use: pipelines, accesses, and the guard of their connections."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeVar

from cross_account.connection_guard import require_role
from cross_account.failure import PipelineError, failing_at_once
from cross_account.pipeline_bucket import open_bucket
from cross_account.run import run_due_at
from cross_account.run_choice import newest_run
from cross_account.topology_file import (
    AccessEntry,
    ConnectionEntry,
    DataPipelineEntry,
    MlPipelineEntry,
    load_topology_file,
)

__all__ = [
    "access",
    "data_pipeline",
    "last_complete_run",
    "ml_pipeline",
    "open_bucket",
    "require_role",
]

_Entry = TypeVar("_Entry", bound=ConnectionEntry)


class UnknownNameError(PipelineError):
    """The stack has nothing of this name."""


def data_pipeline(name: str) -> DataPipelineEntry:
    """The data pipeline `name`: its connection_id, region and bucket_name, among others."""
    return _named(load_topology_file().data_pipelines, name, "data pipeline")


def ml_pipeline(name: str) -> MlPipelineEntry:
    """The ML pipeline `name`: its connection_id, region and bucket_name, among others."""
    return _named(load_topology_file().ml_pipelines, name, "ML pipeline")


def access(name: str) -> AccessEntry:
    """The access `name`: its connection_id and region, among others."""
    return _named(load_topology_file().access, name, "access")


def last_complete_run(pipeline: DataPipelineEntry) -> str:
    """The newest run whose training data is complete, such as 20261122T123336123456.

    Asks the pipeline's bucket: call it in a task. `cross_account.run` has the keys of a run's data.
    """
    with failing_at_once():
        bucket = open_bucket(pipeline.connection_id, pipeline.bucket_name)
        return newest_run(bucket, run_due_at(datetime.now(UTC)))


def _named(entries: Mapping[str, _Entry], name: str, kind: str) -> _Entry:
    if name in entries:
        return entries[name]
    known = ", ".join(sorted(entries)) or "none at all"
    raise UnknownNameError(
        f"The stack has no {kind} {name!r}; it has {known}. Correct the name, or add it to the "
        "topology and deploy."
    )
