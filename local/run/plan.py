"""What a run has to do, told from the topology."""

from __future__ import annotations

from dataclasses import dataclass

from components.aws.naming import Names
from components.topology.model import Topology
from dags.cross_account.dag_ids import data_processing_dag_id, machine_learning_dag_id


@dataclass(frozen=True, kw_only=True)
class Place:
    """An account and a Region."""

    account_id: str
    region: str


@dataclass(frozen=True, kw_only=True)
class DataPipeline:
    """A data pipeline, its bucket, and the ML pipelines that learn from it."""

    name: str
    place: Place
    bucket: str
    raw_key: str
    learners: tuple[str, ...]

    @property
    def dag_id(self) -> str:
        """Its DAG."""
        return data_processing_dag_id(self.name)


@dataclass(frozen=True, kw_only=True)
class MlPipeline:
    """An ML pipeline and its bucket."""

    name: str
    place: Place
    bucket: str

    @property
    def dag_id(self) -> str:
        """Its DAG."""
        return machine_learning_dag_id(self.name)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Everything of a stack that the run touches."""

    prefix: str
    hub: Place
    environment: str
    airflow_version: str
    accounts: tuple[str, ...]
    permissions_boundary: str | None
    longest_job_seconds: int
    """What the topology allows the longest of its Glue and training jobs."""
    data_pipelines: tuple[DataPipeline, ...]
    ml_pipelines: tuple[MlPipeline, ...]

    @property
    def regions(self) -> tuple[str, ...]:
        """Every Region in use, in order."""
        places = [pipeline.place for pipeline in self.data_pipelines]
        places += [pipeline.place for pipeline in self.ml_pipelines]
        return tuple(sorted({place.region for place in (self.hub, *places)}))

    @property
    def dag_ids(self) -> frozenset[str]:
        """Every DAG that Airflow must know before anything is triggered."""
        data = {pipeline.dag_id for pipeline in self.data_pipelines}
        return frozenset(data | {pipeline.dag_id for pipeline in self.ml_pipelines})


def plan_of(topology: Topology, names: Names) -> Plan:
    """The plan of a topology whose stack has these names."""
    return Plan(
        prefix=names.prefix,
        hub=_place(topology, topology.hub.account, topology.hub.region),
        environment=names.environment(),
        airflow_version=topology.hub.environment.airflow_version,
        accounts=tuple(sorted(account.id for account in topology.accounts.values())),
        permissions_boundary=topology.permissions_boundary,
        longest_job_seconds=_longest_job_seconds(topology),
        data_pipelines=tuple(
            _data_pipeline(topology, names, name) for name in sorted(topology.data_pipelines)
        ),
        ml_pipelines=tuple(
            _ml_pipeline(topology, names, name) for name in sorted(topology.ml_pipelines)
        ),
    )


def _data_pipeline(topology: Topology, names: Names, name: str) -> DataPipeline:
    pipeline = topology.data_pipelines[name]
    place = _place(topology, pipeline.account, pipeline.region)
    learners = [other for other, ml in topology.ml_pipelines.items() if ml.source == name]
    return DataPipeline(
        name=name,
        place=place,
        bucket=names.bucket(name, place.account_id, place.region),
        raw_key=pipeline.raw_key,
        learners=tuple(sorted(learners)),
    )


def _ml_pipeline(topology: Topology, names: Names, name: str) -> MlPipeline:
    pipeline = topology.ml_pipelines[name]
    place = _place(topology, pipeline.account, pipeline.region)
    bucket = names.bucket(name, place.account_id, place.region)
    return MlPipeline(name=name, place=place, bucket=bucket)


def _longest_job_seconds(topology: Topology) -> int:
    glue = [data.glue.timeout_minutes * 60 for data in topology.data_pipelines.values()]
    training = [ml.training.max_runtime_seconds for ml in topology.ml_pipelines.values()]
    return max([*glue, *training], default=0)


def _place(topology: Topology, account: str, region: str) -> Place:
    return Place(account_id=topology.accounts[account].id, region=region)
