"""`topology.json`: what the deployment tells the DAGs, read while Airflow parses them.

It is deployed beside the DAG files and holds names only, no secret. Parsing needs nothing else: no
AWS call, no Airflow variable, no connection.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PositiveInt,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from cross_account.dag_ids import data_processing_dag_id, machine_learning_dag_id
from cross_account.failure import PipelineError
from cross_account.wording import problems

TOPOLOGY_FILE = Path(__file__).resolve().parent.parent / "topology.json"

_NEXT_STEP = "Delete it and run `pulumi up --refresh`, which writes it again; don't edit it."

Text = Annotated[str, StringConstraints(min_length=1)]


class TopologyFileError(PipelineError):
    """`topology.json` is missing or isn't what the deployment writes."""


class _Model(BaseModel):
    """Keys that this version doesn't know are ignored: the next one may add some."""

    model_config = ConfigDict(frozen=True, strict=True)


class ConnectionEntry(_Model):
    """A role in some account and Region, and the connection that leads to it."""

    name: Text
    connection_id: Text
    account_id: Text
    region: Text
    cross_account_role_arn: Text

    kind: ClassVar[str]
    """What the role belongs to, in a word."""


class AccessEntry(ConnectionEntry):
    """A role for other work than the pipelines'."""

    kind = "access"


class PipelineEntry(ConnectionEntry):
    """What a data pipeline and an ML pipeline both have."""

    bucket_name: Text

    kind = "pipeline"


class DataPipelineEntry(PipelineEntry):
    """Raw files in, training data out."""

    raw_key: Text
    schedule: Text | None
    timezone: Text
    catchup_from: Text | None
    glue_job_name: Text
    glue_timeout_minutes: PositiveInt
    glue_max_concurrent_runs: PositiveInt

    @property
    def dag_id(self) -> str:
        """The DAG of this pipeline."""
        return data_processing_dag_id(self.name)


class MlPipelineEntry(PipelineEntry):
    """A model trained on the output of the data pipeline `source`, or of `sources` together."""

    source: Text | None = None
    sources: tuple[Text, ...] = Field(default=(), strict=False)
    trains_when: Literal["all", "any"] = "all"
    algorithm: Literal["xgboost", "custom", "script"] = "xgboost"
    training_config_key: Text
    training_job_name_prefix: Text
    max_runtime_seconds: PositiveInt
    """Of one training job, with its waits for spot instances."""

    tuning_rounds: PositiveInt | None = None
    """How many of its training jobs a tuning runs one after the other; None without a tuning."""

    cleanup_function_name: Text
    cleanup_timeout_seconds: PositiveInt

    @property
    def dag_id(self) -> str:
        """The DAG of this pipeline."""
        return machine_learning_dag_id(self.name)

    @property
    def data_pipelines(self) -> tuple[str, ...]:
        """The names of the data pipelines that it trains on."""
        return self.sources if self.source is None else (self.source,)


class HubEntry(_Model):
    """Where the environment is, and who is told of its runs."""

    stack: Text
    """What the names of all the stack's resources begin with; a dimension of the metrics."""

    region: Text
    notification_topic_arn: Text | None
    """The Amazon SNS topic that is told of failed runs."""


class TopologyFile(_Model):
    """Every pipeline and access of the deployed stack by its name."""

    version: Literal[1]
    hub: HubEntry
    data_pipelines: dict[str, DataPipelineEntry]
    ml_pipelines: dict[str, MlPipelineEntry]
    access: dict[str, AccessEntry] = {}

    @model_validator(mode="after")
    def _names_are_keys(self) -> Self:
        for entries in (self.data_pipelines, self.ml_pipelines, self.access):
            for key, entry in entries.items():
                if entry.name != key:
                    raise PydanticCustomError(
                        "other_name",
                        "{key}.name: expected '{key}', got '{name}'",
                        {"key": key, "name": entry.name},
                    )
        return self

    @model_validator(mode="after")
    def _sources_exist(self) -> Self:
        for pipeline in self.ml_pipelines.values():
            unknown = [each for each in pipeline.data_pipelines if each not in self.data_pipelines]
            if unknown or not pipeline.data_pipelines:
                raise PydanticCustomError(
                    "unknown_source",
                    "ml_pipelines.{name}.source: expected a data pipeline, got '{source}'",
                    {"name": pipeline.name, "source": unknown[0] if unknown else "nothing"},
                )
        return self

    def trained_on(self, source: str) -> list[MlPipelineEntry]:
        """The ML pipelines that train on the output of the data pipeline `source`."""
        return [each for each in self.ml_pipelines.values() if source in each.data_pipelines]

    def of_connection(self, connection_id: str) -> ConnectionEntry | None:
        """The pipeline or access that tasks reach through `connection_id`, if there is one."""
        entries: tuple[ConnectionEntry, ...] = (
            *self.data_pipelines.values(),
            *self.ml_pipelines.values(),
            *self.access.values(),
        )
        return next((entry for entry in entries if entry.connection_id == connection_id), None)


def load_topology_file(file: Path = TOPOLOGY_FILE) -> TopologyFile:
    """Read `topology.json`; raises `TopologyFileError`, which names everything that is wrong."""
    try:
        return TopologyFile.model_validate_json(file.read_bytes())
    except OSError as error:
        problem = f"{file} can't be read ({error.strerror}), so there are no DAGs"
    except ValidationError as error:
        problem = f"{file}: {problems(error)}"
    raise TopologyFileError(f"{problem}. {_NEXT_STEP}")
