"""`topology.json`: what the deployment tells the DAGs, read while they are parsed.

It stands beside the DAG files and holds names only, no secret. Nothing else is asked for at parse
time: no AWS call, no Airflow variable, no connection.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from cross_account.failure import PipelineError

TOPOLOGY_FILE = Path(__file__).resolve().parent.parent / "topology.json"

VERSION = 1

_NEXT_STEP = "Delete it, and `pulumi up --refresh` writes it anew; don't edit it."


class TopologyError(PipelineError):
    """`topology.json` is missing or isn't what the deployment writes."""


@dataclass(frozen=True, kw_only=True)
class Pipeline:
    """What a data pipeline and an ML pipeline both have."""

    name: str
    connection_id: str
    account_id: str
    region: str
    role_arn: str
    bucket: str


@dataclass(frozen=True, kw_only=True)
class DataPipeline(Pipeline):
    """Raw files in, training data out; `ml_pipelines` names those that learn from it."""

    raw_key: str
    glue_job_name: str
    glue_timeout_minutes: int
    glue_max_concurrent_runs: int
    ml_pipelines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MlPipeline(Pipeline):
    """A model trained on the output of the data pipeline `source`."""

    source: str
    training_config_key: str
    training_job_name_prefix: str
    max_runtime_seconds: int
    cleanup_function_name: str
    cleanup_timeout_seconds: int


@dataclass(frozen=True, kw_only=True)
class Topology:
    """Every pipeline of the deployed stack, in the order of their names."""

    data_pipelines: tuple[DataPipeline, ...]
    ml_pipelines: tuple[MlPipeline, ...]

    def of_connection(self, connection_id: str) -> Pipeline | None:
        """The pipeline that is reached through `connection_id`, if any is."""
        for pipeline in (*self.data_pipelines, *self.ml_pipelines):
            if pipeline.connection_id == connection_id:
                return pipeline
        return None


def load_topology(file: Path = TOPOLOGY_FILE) -> Topology:
    """Read `topology.json`; raises `TopologyError` with one sentence on whatever is wrong."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise TopologyError(
            f"{file} does not exist, so the DAGs don't know any pipeline. {_NEXT_STEP}"
        ) from None
    except (OSError, ValueError) as error:
        raise TopologyError(f"{file} can't be read as JSON: {error}. {_NEXT_STEP}") from None
    try:
        return read_topology(content)
    except TopologyError as error:
        raise TopologyError(f"{file}: {error} {_NEXT_STEP}") from None


def read_topology(content: object) -> Topology:
    """Check the parsed `topology.json`. Keys that this version doesn't know are left alone."""
    top = _mapping("the whole file", content)
    if top.get("version") != VERSION:
        raise TopologyError(f"version is {top.get('version')!r}, but these DAGs read {VERSION}.")
    topology = Topology(
        data_pipelines=_pipelines(DataPipeline, "data_pipelines", top),
        ml_pipelines=_pipelines(MlPipeline, "ml_pipelines", top),
    )
    _check_references(topology)
    return topology


P = TypeVar("P", bound=Pipeline)


def _pipelines(kind: type[P], section: str, top: Mapping[str, Any]) -> tuple[P, ...]:
    entries = _mapping(section, top.get(section))
    return tuple(
        _pipeline(kind, f"{section}.{name}", name, entries[name]) for name in sorted(entries)
    )


def _pipeline(kind: type[P], where: str, name: str, value: object) -> P:
    entry = _mapping(where, value)
    given = {
        field.name: _READERS[str(field.type)](f"{where}.{field.name}", entry.get(field.name))
        for field in fields(kind)
        if field.name != "name"
    }
    return kind(name=name, **given)


def _mapping(where: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(where, value, "an object")
    return value


def _text(where: str, value: object) -> str:
    if not isinstance(value, str) or not value:
        raise _wrong(where, value, "a text that isn't empty")
    return value


def _count(where: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise _wrong(where, value, "a whole number from 1")
    return value


def _texts(where: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise _wrong(where, value, "a list of texts")
    return tuple(_text(f"{where}[{index}]", item) for index, item in enumerate(value))


_READERS: Mapping[str, Callable[[str, object], Any]] = {
    "str": _text,
    "int": _count,
    "tuple[str, ...]": _texts,
}


def _wrong(where: str, value: object, expected: str) -> TopologyError:
    return TopologyError(f"{where} is {value!r}, but must be {expected}.")


def _check_references(topology: Topology) -> None:
    sources = {pipeline.name: pipeline.source for pipeline in topology.ml_pipelines}
    names = {pipeline.name for pipeline in topology.data_pipelines}
    for name, source in sources.items():
        if source not in names:
            raise TopologyError(
                f"ml_pipelines.{name}.source is {source!r}, which is no data pipeline."
            )
    for pipeline in topology.data_pipelines:
        for learner in pipeline.ml_pipelines:
            if sources.get(learner) != pipeline.name:
                raise TopologyError(
                    f"data_pipelines.{pipeline.name}.ml_pipelines names {learner!r}, "
                    f"which is no ML pipeline with {pipeline.name!r} as its source."
                )
