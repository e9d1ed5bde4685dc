"""The topology: what a stack deploys, as one typed configuration value.

Only shape, defaults and what follows from a single part live here. The rules are in
`components.topology.rules`, and `components.topology.loading` reads a stack's value and reports
every error at once: no other module makes a `Topology` of what a person wrote.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

MICRO_CLASS = "mw1.micro"
"""The environment class that doesn't scale: one worker, scheduler and web server."""

DEFAULT_HYPERPARAMETERS: Mapping[str, str] = {
    "objective": "binary:logistic",
    "num_round": "50",
    "max_depth": "5",
    "eta": "0.2",
}


def _as_text(value: object) -> object:
    """A number or a truth value as JSON writes it (`50`, `0.2`, `true`); the rest as it is.

    AWS takes texts only, and nobody should have to quote `num_round: 50`.
    """
    if isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return json.dumps(value)
    return value


def _as_tuple(value: object) -> object:
    """A list as a tuple: a frozen model holds nothing that can be changed."""
    return tuple(value) if isinstance(value, list) else value


Text = Annotated[str, BeforeValidator(_as_text)]
"""A text that may be written as a number or a truth value."""

Texts = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)


class Account(_Model):
    """An AWS account and, optionally, the role through which it is deployed to."""

    id: str
    deploy_role_arn: str | None = None


class Network(_Model):
    """A network to create, or an existing one (all three of VPC, subnets, security groups)."""

    cidr_block: str = "10.192.0.0/16"
    vpc_id: str | None = None
    subnet_ids: Texts = ()
    security_group_ids: Texts = ()

    @property
    def is_existing(self) -> bool:
        """Whether the environment goes into a network that the stack doesn't create."""
        return self.vpc_id is not None


class Scaling(_Model):
    """How many of each the environment has; None is for what must be left out of the request."""

    min_workers: int
    max_workers: int
    schedulers: int | None
    min_webservers: int | None
    max_webservers: int | None


class Environment(_Model):
    """The Amazon MWAA environment.

    The five counts are None where nobody chose: what then holds depends on the class, and
    `scaling` knows it.
    """

    class_: str = Field(default="mw1.small", validation_alias="class")
    airflow_version: str = "3.3.1"
    min_workers: int | None = None
    max_workers: int | None = None
    schedulers: int | None = None
    min_webservers: int | None = None
    max_webservers: int | None = None
    webserver_access_mode: Literal["PRIVATE_ONLY", "PUBLIC_ONLY", "PUBLIC_AND_PRIVATE"] = (
        "PRIVATE_ONLY"
    )
    weekly_maintenance_window_start: str = "SUN:03:00"
    configuration_options: Mapping[str, Text] = Field(default_factory=dict)
    requirements_file: str | None = None
    startup_script_file: str | None = None
    log_level: Literal["CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG"] = "INFO"
    log_retention_days: int = 365

    @property
    def scaling(self) -> Scaling:
        """The counts that hold: those chosen, else the defaults of the class.

        A default gives way to its chosen counterpart, so that `min_workers: 12` needs no maximum.
        On mw1.micro MWAA refuses any count of schedulers and web servers, even 1.
        """
        if self.class_ == MICRO_CLASS:
            return Scaling(
                min_workers=1,
                max_workers=1,
                schedulers=None,
                min_webservers=None,
                max_webservers=None,
            )
        min_workers, max_workers = _range(self.min_workers, self.max_workers, 1, 10)
        min_webservers, max_webservers = _range(self.min_webservers, self.max_webservers, 2, 2)
        return Scaling(
            min_workers=min_workers,
            max_workers=max_workers,
            schedulers=2 if self.schedulers is None else self.schedulers,
            min_webservers=min_webservers,
            max_webservers=max_webservers,
        )


def _range(low: int | None, high: int | None, low_else: int, high_else: int) -> tuple[int, int]:
    """Both ends of a range of which either may be unset; a default never crosses a chosen end."""
    if low is None:
        low = low_else if high is None else min(low_else, high)
    return low, max(high_else, low) if high is None else high


class Hub(_Model):
    """Where Airflow runs."""

    account: str
    region: str
    environment: Environment = Environment()
    network: Network = Network()


class GlueJob(_Model):
    """How a data pipeline's Glue job runs."""

    version: str = "5.1"
    worker_type: str = "G.1X"
    workers: int = 2
    timeout_minutes: int = 60
    max_concurrent_runs: int = 10


class DataPipeline(_Model):
    """Raw files in, training data out, in one account and Region."""

    account: str
    region: str
    raw_key: str = "raw/ml_train_data.csv"
    label_column: str = "label"
    max_rejected_fraction: float = 0.1
    output_retention_days: int | None = None
    glue: GlueJob = GlueJob()


class Training(_Model):
    """How a model is trained with SageMaker's XGBoost algorithm."""

    image: str | None = None
    hyperparameters: Mapping[str, Text] = Field(default_factory=dict)
    instance_type: str = "ml.m5.xlarge"
    instance_count: int = 1
    volume_size_gb: int = 30
    max_runtime_seconds: int = 3600

    @property
    def merged_hyperparameters(self) -> Mapping[str, str]:
        """The chosen hyperparameters over `DEFAULT_HYPERPARAMETERS`, by name."""
        return dict(sorted({**DEFAULT_HYPERPARAMETERS, **self.hyperparameters}.items()))


class MlPipeline(_Model):
    """A model trained on a data pipeline's output, in one account and Region.

    It may stand in its source's own account and Region: its bucket is another one all the same.
    """

    account: str
    region: str
    source: str
    training: Training = Training()


class Topology(_Model):
    """All of a stack. Accounts are named by alias, pipelines by their name."""

    accounts: Mapping[str, Account]
    hub: Hub
    data_pipelines: Mapping[str, DataPipeline]
    ml_pipelines: Mapping[str, MlPipeline] = Field(default_factory=dict)
    permissions_boundary: str | None = None
    protect_data: bool = False
    tags: Mapping[str, str] = Field(default_factory=dict)

    def ml_pipelines_of(self, data_pipeline: str) -> list[str]:
        """The names of the ML pipelines that train on the output of `data_pipeline`, sorted."""
        return sorted(name for name, ml in self.ml_pipelines.items() if ml.source == data_pipeline)
