"""Two small stacks of pipelines, as the tests of the pipelines' components see them.

`same_account` has the data pipeline and its ML pipeline in one account; `cross_account` has the
ML pipeline elsewhere, protected data and a permissions boundary.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pulumi

from components.aws.naming import Names
from components.data_pipeline.regional_data_pipeline import (
    RegionalDataPipeline,
    RegionalDataPipelineArgs,
)
from components.ml_pipeline.regional_ml_pipeline import RegionalMlPipeline, RegionalMlPipelineArgs
from components.pipeline.settings import PipelineSettings
from components.pipeline.site import PipelineSite
from components.replication.cross_region_replication import (
    CrossRegionReplication,
    CrossRegionReplicationArgs,
)
from components.topology.model import DataPipeline, MlPipeline, Training
from tests.mocks import Recorded, Registration, aws_provider, evaluate, random_provider

HUB_ACCOUNT = "111111111111"
DATA_ACCOUNT = "222222222222"
OTHER_ACCOUNT = "333333333333"
EXECUTION_ROLE = f"arn:aws:iam::{HUB_ACCOUNT}:role/unified-pipelines-dev-hub-execution"
ROTATION_ROLE = f"arn:aws:iam::{HUB_ACCOUNT}:role/unified-pipelines-dev-hub-rotation"
PREFIX = "unified-pipelines-dev"
POLICIES = Path(__file__).parent / "policies"

DATA = DataPipeline(account="data", region="us-east-1")
ML = MlPipeline(account="ml", region="us-west-2", source="east1")


def settings(
    *, protect_data: bool = False, permissions_boundary: str = "boundary"
) -> PipelineSettings:
    """The settings of an example stack; call it inside the program."""
    return PipelineSettings(
        names=Names(project="unified-pipelines", stack="dev"),
        hub_account_id=HUB_ACCOUNT,
        execution_role_arn=EXECUTION_ROLE,
        rotation_role_arn=ROTATION_ROLE,
        random_provider=random_provider(),
        log_retention_days=365,
        protect_data=protect_data,
        permissions_boundary=permissions_boundary,
        deploy_role_arns={
            account_id: f"arn:aws:iam::{account_id}:role/deploy"
            for account_id in (HUB_ACCOUNT, DATA_ACCOUNT, OTHER_ACCOUNT)
        },
    )


def data_pipeline(
    shared: PipelineSettings,
    name: str = "east1",
    pipeline: DataPipeline = DATA,
    root: Path = Path(),
) -> RegionalDataPipeline:
    """A data pipeline in the data account."""
    return RegionalDataPipeline(
        name,
        RegionalDataPipelineArgs(
            settings=shared,
            account_id=DATA_ACCOUNT,
            pipeline=pipeline,
            root=root,
            is_replicated=True,
        ),
        provider(DATA_ACCOUNT, pipeline.region),
    )


def ml_pipeline(
    shared: PipelineSettings,
    name: str,
    pipeline: MlPipeline,
    account_id: str,
    root: Path = Path(),
) -> RegionalMlPipeline:
    """An ML pipeline whose sources are in the data account."""
    return RegionalMlPipeline(
        name,
        RegionalMlPipelineArgs(
            settings=shared,
            account_id=account_id,
            pipeline=pipeline,
            sources=[
                PipelineSite(
                    settings=shared, name=name, account_id=DATA_ACCOUNT, region=DATA.region
                )
                for name in pipeline.data_pipelines()
            ],
            root=root,
        ),
        provider(account_id, pipeline.region),
    )


def replication(
    source: RegionalDataPipeline, destinations: Mapping[str, RegionalMlPipeline]
) -> CrossRegionReplication:
    """The replication of `source` to all `destinations`, with the source's provider."""
    return CrossRegionReplication(
        "east1-replication",
        CrossRegionReplicationArgs(
            source=source.replication_source,
            destinations={
                name: pipeline.replication_destination for name, pipeline in destinations.items()
            },
        ),
        provider(DATA_ACCOUNT, source.connected.region),
    )


def provider(account_id: str, region: str) -> pulumi.ResourceOptions:
    """Options with the one provider of an account and Region, made at the first call."""
    return pulumi.ResourceOptions(provider=_PROVIDERS.get(account_id, region))


class _Providers:
    def __init__(self) -> None:
        self._made: dict[tuple[str, str], Any] = {}

    def get(self, account_id: str, region: str) -> Any:
        account_region = (account_id, region)
        if account_region not in self._made:
            self._made[account_region] = aws_provider(account_id, region)
        return self._made[account_region]

    def forget(self) -> None:
        self._made.clear()


_PROVIDERS = _Providers()


def run(program: Callable[[], Any], *, preview: bool = False) -> Recorded:
    """Evaluate a program that makes its providers through `provider`."""
    _PROVIDERS.forget()
    return evaluate(program, preview=preview)


@functools.cache
def same_account() -> Recorded:
    """`east1` and `west2` in one account, nothing protected, no boundary."""

    def program() -> dict[str, Any]:
        shared = settings()
        data = data_pipeline(shared)
        ml = ml_pipeline(shared, "west2", ML, DATA_ACCOUNT)
        replicated = replication(data, {"west2": ml})
        return {"data": _outputs(data), "ml": _outputs(ml), "role_arn": replicated.role_arn}

    return run(program)


@functools.cache
def cross_account() -> Recorded:
    """`east1`, and `west2` in another account; protected, with a boundary, trained otherwise."""

    def program() -> None:
        shared = settings(protect_data=True, permissions_boundary="team/boundary")
        data = data_pipeline(shared)
        training = Training(
            instance_type="ml.c5.xlarge",
            instance_count=2,
            volume_size_gb=50,
            max_runtime_seconds=7200,
            hyperparameters={"eta": "0.1", "max_leaves": "31"},
        )
        pipeline = ML.model_copy(update={"training": training})
        replication(data, {"west2": ml_pipeline(shared, "west2", pipeline, OTHER_ACCOUNT)})

    return run(program)


def expected_policy(file_name: str) -> dict[str, Any]:
    """A policy as it has to be, from a file where `KEY:<pipeline>` stands for a key's ARN."""
    document: dict[str, Any] = json.loads((POLICIES / file_name).read_text(encoding="utf-8"))
    return document


def policy(recorded: Recorded, type_: str, name: str, key: str = "policy") -> dict[str, Any]:
    """A registered policy, with `KEY:<pipeline>` instead of the keys' ARNs."""
    text = recorded.one(type_, name).inputs[key]
    for each in recorded.of_type("kms/key:Key"):
        text = text.replace(each.outputs["arn"], f"KEY:{each.name.removesuffix('-key')}")
    document: dict[str, Any] = json.loads(text)
    return document


def component(recorded: Recorded, class_name: str, name: str) -> Registration:
    """A component by the last part of its token."""
    return recorded.one(class_name, name)


def _outputs(pipeline: RegionalDataPipeline | RegionalMlPipeline) -> dict[str, Any]:
    return {**vars(pipeline.connected), "outputs": pipeline.outputs}
