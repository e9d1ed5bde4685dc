"""What a run has to do, as the topology says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from components.aws.account_region import AccountRegion
from components.aws.naming import Names
from components.topology.model import Topology
from dags.cross_account.dag_ids import (
    data_processing_dag_id,
    machine_learning_dag_id,
    triggered_run_id,
)


@dataclass(frozen=True, kw_only=True)
class DataPipeline:
    """A data pipeline, its bucket, and the ML pipelines that train on it."""

    name: str
    account_region: AccountRegion
    bucket: str
    raw_key: str
    timezone: str
    on_upload: str | None
    """The pattern of the keys whose uploads start a run, if any do."""
    label_column: str
    takes_sample: bool
    """Whether its raw files are written like the sample."""

    ml_pipelines: tuple[str, ...]

    inputs: Mapping[str, str] = field(default_factory=dict)
    """The keys of what its script reads besides, by name."""

    @property
    def dag_id(self) -> str:
        """Its DAG."""
        return data_processing_dag_id(self.name)

    @property
    def named_inputs(self) -> Mapping[str, str]:
        """The keys of its further inputs, by the names that `DATA=` has for them."""
        return {f"{self.name}.{name}": key for name, key in self.inputs.items()}


@dataclass(frozen=True, kw_only=True)
class MlPipeline:
    """An ML pipeline and its bucket."""

    name: str
    account_region: AccountRegion
    bucket: str
    data_pipelines: tuple[str, ...]
    """Those that it trains on."""

    @property
    def dag_id(self) -> str:
        """Its DAG."""
        return machine_learning_dag_id(self.name)

    def triggered_by(self, source: str, run: str) -> str:
        """The id of the DAG run that a run of a data pipeline triggers."""
        several = len(self.data_pipelines) > 1
        return triggered_run_id(run, source, is_one_of_several=several)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Everything of a stack that the run touches."""

    prefix: str
    hub: AccountRegion
    environment: str
    airflow_version: str
    accounts: tuple[str, ...]
    longest_job_seconds: int
    """What the topology allows the longest of its Glue and training jobs."""
    data_pipelines: tuple[DataPipeline, ...]
    ml_pipelines: tuple[MlPipeline, ...]
    own_images: tuple[str, ...]
    """The ML pipelines that train by an image of a team's own: they are deployed, and not run."""

    @property
    def regions(self) -> tuple[str, ...]:
        """Every Region in use, in order."""
        data = {pipeline.account_region.region for pipeline in self.data_pipelines}
        ml = {pipeline.account_region.region for pipeline in self.ml_pipelines}
        return tuple(sorted({self.hub.region} | data | ml))

    @property
    def dag_ids(self) -> frozenset[str]:
        """Every DAG that Airflow must know before anything is triggered."""
        data = {pipeline.dag_id for pipeline in self.data_pipelines}
        return frozenset(data | {pipeline.dag_id for pipeline in self.ml_pipelines})


def plan_of(topology: Topology, names: Names) -> Plan:
    """The plan of a topology whose stack has these names."""
    return Plan(
        prefix=names.prefix,
        hub=_account_region(topology, topology.hub.account, topology.hub.region),
        environment=names.environment(),
        airflow_version=topology.hub.environment.airflow_version,
        accounts=tuple(sorted(account.id for account in topology.accounts.values())),
        longest_job_seconds=_longest_job_seconds(topology),
        data_pipelines=tuple(
            _data_pipeline(topology, names, name) for name in sorted(topology.data_pipelines)
        ),
        ml_pipelines=tuple(_ml_pipeline(topology, names, name) for name in _runnable(topology)),
        own_images=tuple(sorted(topology.ml_pipelines.keys() - set(_runnable(topology)))),
    )


def _data_pipeline(topology: Topology, names: Names, name: str) -> DataPipeline:
    pipeline = topology.data_pipelines[name]
    account_region = _account_region(topology, pipeline.account, pipeline.region)
    ml_pipelines = [
        other
        for other in _runnable(topology)
        if name in topology.ml_pipelines[other].data_pipelines()
    ]
    return DataPipeline(
        name=name,
        account_region=account_region,
        bucket=names.bucket(name, account_region.account_id, account_region.region),
        raw_key=pipeline.raw_key,
        timezone=pipeline.start.timezone,
        on_upload=pipeline.start.on_upload,
        label_column=pipeline.label_column,
        takes_sample=pipeline.input.is_plain,
        inputs=pipeline.glue.inputs,
        ml_pipelines=tuple(ml_pipelines),
    )


def _runnable(topology: Topology) -> list[str]:
    """The ML pipelines whose training can run without a container engine."""
    found = topology.ml_pipelines.items()
    return sorted(name for name, ml in found if ml.training.algorithm != "custom")


def _ml_pipeline(topology: Topology, names: Names, name: str) -> MlPipeline:
    pipeline = topology.ml_pipelines[name]
    account_region = _account_region(topology, pipeline.account, pipeline.region)
    bucket = names.bucket(name, account_region.account_id, account_region.region)
    return MlPipeline(
        name=name,
        account_region=account_region,
        bucket=bucket,
        data_pipelines=pipeline.data_pipelines(),
    )


def _longest_job_seconds(topology: Topology) -> int:
    glue = [data.glue.timeout_minutes * 60 for data in topology.data_pipelines.values()]
    training = [ml.training.longest_seconds for ml in topology.ml_pipelines.values()]
    return max([*glue, *training], default=0)


def _account_region(topology: Topology, account: str, region: str) -> AccountRegion:
    return AccountRegion(account_id=topology.accounts[account].id, region=region)
