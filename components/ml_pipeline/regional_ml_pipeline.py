"""An ML pipeline: training data in, models and their summaries out, in one account and Region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi

from components.aws.customer_key import CustomerKey
from components.aws.customer_key_policy import log_encryption
from components.aws.policy_document import Statement
from components.functions.policies import function_log_group
from components.ml_pipeline.cleanup_function import (
    TIMEOUT_SECONDS,
    CleanupFunction,
    CleanupFunctionArgs,
    function_arn,
    function_name,
)
from components.ml_pipeline.policies import hub_in_ml_pipeline
from components.ml_pipeline.spot import CHECKPOINT_DAYS
from components.ml_pipeline.trained_rows import trained_rows_expiry
from components.ml_pipeline.training_setup import TrainingSetup, TrainingSetupArgs
from components.network.interface_policies import InterfacePlace
from components.network.work_network import WorkNetwork, place_of, work_network
from components.pipeline.connected_pipeline import ConnectedPipeline, connected_pipeline
from components.pipeline.connection_names import connection_id
from components.pipeline.cross_account_role import CrossAccountRole, CrossAccountRoleArgs
from components.pipeline.object_keys import CHECKPOINTS, TRAINING_CONFIG
from components.pipeline.replication_bucket import ReplicationBucket
from components.pipeline.settings import PipelineSettings
from components.pipeline.site import PipelineSite
from components.pipeline.storage import pipeline_bucket, pipeline_key, replication_bucket
from components.replication.policies import ROLE_PURPOSE, accept_encryption, accept_replicas
from components.topology.model import MlPipeline, Training


@dataclass(frozen=True, kw_only=True)
class RegionalMlPipelineArgs:
    """`account_id` is the account of the pipeline; `sources` are its data pipelines.

    `root` is the project's directory, in which a training script's folder is.
    """

    settings: PipelineSettings
    account_id: str
    pipeline: MlPipeline
    sources: Sequence[PipelineSite]
    root: Path


class RegionalMlPipeline(pulumi.ComponentResource):
    """Key, bucket, training, clean-up and cross-account role of one ML pipeline, named after it.

    Where a source is in another account, its replication role is allowed by name, in the
    policies of bucket and key. In the same account that role's own policy is enough.
    """

    connected: ConnectedPipeline
    """What the connections tell the hub and the DAGs of it."""

    outputs: Mapping[str, pulumi.Output[str] | str | bool | Sequence[str]]
    """What the stack exports of it."""

    replication_destination: ReplicationBucket
    """The bucket as the destination of a replication."""

    def __init__(
        self, name: str, args: RegionalMlPipelineArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:RegionalMlPipeline", name, None, opts)
        pipeline = args.pipeline
        site = PipelineSite(
            settings=args.settings, name=name, account_id=args.account_id, region=pipeline.region
        )
        child = pulumi.ResourceOptions(parent=self)
        key = pipeline_key(site, statements=_key_statements(site, args.sources), parent=self)
        bucket = pipeline_bucket(
            site,
            key,
            policy_statements=_bucket_statements(site, args.sources),
            expire_after_days=_expiry(pipeline.training),
            expire_tagged=trained_rows_expiry(pipeline.keep_training_data_days),
            parent=self,
        )
        # Its work calls S3 alone there: SageMaker pulls the image, and both services write logs,
        # by ways of their own.
        network = work_network(site, ("ml_pipelines", name, "network"), pipeline.network, (), self)
        training = TrainingSetup(
            f"{name}-training",
            TrainingSetupArgs(
                site=site,
                pipeline=pipeline,
                network=network,
                bucket=bucket,
                key_arn=key.arn,
                code_folder=_code_folder(pipeline.training, args.root),
            ),
            child,
        )
        function = CleanupFunction(
            f"{name}-dagcleanup",
            CleanupFunctionArgs(
                site=site,
                bucket=bucket,
                key_arn=key.arn,
                network=network,
                keep_days=pipeline.keep_training_data_days,
            ),
            child,
        )
        role = self._cross_account_role(site, pipeline, key, training, network)
        self.replication_destination = replication_bucket(site, key, bucket)
        self.connected = connected_pipeline(
            site, bucket, role, _dag_entry(site, pipeline, function)
        )
        self.outputs = {
            "account_id": site.account_id,
            "region": site.region,
            **_sources(pipeline),
            "training_job_name_prefix": _training_job_prefix(site, pipeline.training),
            "tunes": pipeline.training.tuning is not None,
            "destination_bucket_name": bucket.bucket_name,
            "cross_account_role_arn": role.arn,
            "connection_id": connection_id(name),
            "cleanup_function_name": function.function_name,
        }
        self.register_outputs(dict(self.outputs))

    def _cross_account_role(
        self,
        site: PipelineSite,
        pipeline: MlPipeline,
        key: CustomerKey,
        setup: TrainingSetup,
        network: WorkNetwork | None,
    ) -> CrossAccountRole:
        statements = pulumi.Output.all(key.arn, setup.role_arn, place_of(network)).apply(
            lambda known: _hub_statements(site, pipeline, *known)
        )
        return CrossAccountRole(
            f"{site.name}-crossaccount",
            CrossAccountRoleArgs(site=site, statements=statements),
            pulumi.ResourceOptions(parent=self),
        )


def _dag_entry(
    site: PipelineSite, pipeline: MlPipeline, function: CleanupFunction
) -> Mapping[str, Any]:
    tuning = pipeline.training.tuning
    return {
        **_sources(pipeline),
        "algorithm": pipeline.training.algorithm,
        "training_config_key": TRAINING_CONFIG,
        "training_job_name_prefix": _training_job_prefix(site, pipeline.training),
        "max_runtime_seconds": pipeline.training.longest_seconds,
        **({"tuning_rounds": tuning.rounds} if tuning else {}),
        "cleanup_function_name": function.function_name,
        "cleanup_timeout_seconds": TIMEOUT_SECONDS,
    }


def _sources(pipeline: MlPipeline) -> Mapping[str, str | Sequence[str]]:
    if pipeline.source is not None:
        return {"source": pipeline.source}
    return {"sources": list(pipeline.sources), "trains_when": pipeline.trains_when}


def _code_folder(training: Training, root: Path) -> Path | None:
    return root / training.source_dir if training.source_dir else None


def _training_job_prefix(site: PipelineSite, training: Training) -> str:
    names = site.settings.names
    is_tuned = training.tuning is not None
    return names.tuning_job_prefix(site.name) if is_tuned else names.training_job_prefix(site.name)


def _expiry(training: Training) -> Mapping[str, int]:
    return {CHECKPOINTS: CHECKPOINT_DAYS} if training.keeps_checkpoints else {}


def _key_statements(site: PipelineSite, sources: Sequence[PipelineSite]) -> Sequence[Statement]:
    logs = log_encryption(site.account_id, site.region, [function_log_group(function_name(site))])
    accepted = [
        accept_encryption(
            bucket_arn=site.bucket_arn,
            region=site.region,
            source_account_id=source.account_id,
            replication_role_arn=source.role_arn(ROLE_PURPOSE),
            organization_id=site.settings.organization_id,
            of=of,
        )
        for of, source in _elsewhere(site, sources)
    ]
    return [logs, *accepted]


def _bucket_statements(site: PipelineSite, sources: Sequence[PipelineSite]) -> Sequence[Statement]:
    return [
        each
        for of, source in _elsewhere(site, sources)
        for each in accept_replicas(
            bucket_arn=site.bucket_arn,
            region=site.region,
            source_account_id=source.account_id,
            replication_role_arn=source.role_arn(ROLE_PURPOSE),
            of=of,
        )
    ]


def _elsewhere(
    site: PipelineSite, sources: Sequence[PipelineSite]
) -> Sequence[tuple[str, PipelineSite]]:
    """The sources in other accounts, and what ends the ids of their statements."""
    others = [source for source in sources if source.account_id != site.account_id]
    return [(source.name if len(sources) > 1 else "", source) for source in others]


def _hub_statements(
    site: PipelineSite,
    pipeline: MlPipeline,
    key_arn: str,
    training_role_arn: str,
    place: InterfacePlace | None,
) -> Sequence[Statement]:
    training = pipeline.training
    jobs = f"{_training_job_prefix(site, training)}-*"
    return hub_in_ml_pipeline(
        bucket_arn=site.bucket_arn,
        key_arn=key_arn,
        region=site.region,
        training_jobs_arn=site.arn("sagemaker", f"training-job/{jobs}"),
        tuning_jobs_arn=site.arn("sagemaker", f"hyper-parameter-tuning-job/{jobs}")
        if training.tuning
        else None,
        training_role_arn=training_role_arn,
        function_arn=function_arn(site),
        instance_type=training.instance_type,
        max_runtime_seconds=training.max_runtime_seconds,
        instance_count=training.instance_count,
        combines_runs=bool(pipeline.sources),
        place=place,
    )
