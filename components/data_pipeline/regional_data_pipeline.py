"""A data pipeline: raw files in, training data out, in one account and Region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi

from components.aws.customer_key import CustomerKey
from components.aws.customer_key_policy import log_encryption
from components.aws.policy_document import Statement
from components.data_pipeline.glue_job import GlueJob, GlueJobArgs
from components.data_pipeline.glue_names import job_name, log_groups
from components.data_pipeline.policies import hub_in_data_pipeline
from components.network.endpoint_services import OF_GLUE_JOBS
from components.network.work_network import work_network
from components.pipeline.connected_pipeline import ConnectedPipeline, connected_pipeline
from components.pipeline.connection_names import connection_id
from components.pipeline.cross_account_role import CrossAccountRole, CrossAccountRoleArgs
from components.pipeline.object_keys import (
    REJECTED,
    STAGING,
    TRANSFORMED,
    VERIFICATION,
    pattern_of,
)
from components.pipeline.replication_bucket import ReplicationBucket
from components.pipeline.settings import PipelineSettings
from components.pipeline.site import PipelineSite
from components.pipeline.storage import pipeline_bucket, pipeline_key, replication_bucket
from components.replication.batch_policies import BATCH_ROLE_PURPOSE
from components.topology.model import DataPipeline

STAGING_DAYS = 1
"""Days that Spark's temporary files stay: long enough to look into a failed run."""

VERIFICATION_DAYS = 1
"""Days that the samples stay by which a deployment is verified: a run reads its own at once."""


@dataclass(frozen=True, kw_only=True)
class RegionalDataPipelineArgs:
    """`account_id` is the account that `pipeline.account` stands for.

    `trainings` are the hyperparameters of AWS's XGBoost, by ML pipeline that trains on its output.
    `is_replicated` says whether any ML pipeline does.
    `root` is the project's directory.
    """

    settings: PipelineSettings
    account_id: str
    pipeline: DataPipeline
    root: Path
    trainings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    is_replicated: bool = False


class RegionalDataPipeline(pulumi.ComponentResource):
    """Key, bucket, Glue job and cross-account role of one data pipeline, named after it."""

    connected: ConnectedPipeline
    """What the connections tell the hub and the DAGs of it."""

    outputs: Mapping[str, pulumi.Output[str] | str | bool | None]
    """What the stack exports of it."""

    replication_source: ReplicationBucket
    """The bucket as the source of a replication."""

    def __init__(
        self, name: str, args: RegionalDataPipelineArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:RegionalDataPipeline", name, None, opts)
        site = PipelineSite(
            settings=args.settings,
            name=name,
            account_id=args.account_id,
            region=args.pipeline.region,
        )
        key = pipeline_key(site, statements=_key_statements(site), parent=self)
        bucket = pipeline_bucket(
            site,
            key,
            expire_after_days=_expiring(args.pipeline),
            emits_events=args.pipeline.start.on_upload is not None,
            parent=self,
        )
        network = work_network(
            site, ("data_pipelines", name, "network"), args.pipeline.network, OF_GLUE_JOBS, self
        )
        job = GlueJob(
            f"{name}-glue",
            GlueJobArgs(
                site=site,
                pipeline=args.pipeline,
                trainings=args.trainings,
                network=network,
                bucket=bucket,
                key_arn=key.arn,
                root=args.root,
            ),
            pulumi.ResourceOptions(parent=self),
        )
        role = self._cross_account_role(site, args, key)
        self.replication_source = replication_bucket(site, key, bucket)
        self.connected = connected_pipeline(site, bucket, role, _dag_entry(args, job))
        self.outputs = {
            "account_id": site.account_id,
            "region": site.region,
            "raw_key": args.pipeline.raw_key,
            "timezone": args.pipeline.start.timezone,
            "label_column": args.pipeline.label_column,
            "on_upload": args.pipeline.start.on_upload,
            "takes_sample": args.pipeline.input.is_plain,
            "source_bucket_name": bucket.bucket_name,
            "cross_account_role_arn": role.arn,
            "connection_id": connection_id(name),
            "glue_job_name": job.job_name,
            "batch_replication_role_arn": (
                site.role_arn(BATCH_ROLE_PURPOSE) if args.is_replicated else None
            ),
        }
        self.register_outputs(dict(self.outputs))

    def _cross_account_role(
        self, site: PipelineSite, args: RegionalDataPipelineArgs, key: CustomerKey
    ) -> CrossAccountRole:
        statements = key.arn.apply(lambda key_arn: _hub_statements(site, key_arn, args))
        return CrossAccountRole(
            f"{site.name}-crossaccount",
            CrossAccountRoleArgs(site=site, statements=statements),
            pulumi.ResourceOptions(parent=self),
        )


def _dag_entry(args: RegionalDataPipelineArgs, job: GlueJob) -> Mapping[str, Any]:
    glue, start = args.pipeline.glue, args.pipeline.start
    return {
        "raw_key": args.pipeline.raw_key,
        "schedule": start.schedule,
        "timezone": start.timezone,
        "catchup_from": start.catchup_from,
        "glue_job_name": job.job_name,
        "glue_timeout_minutes": glue.timeout_minutes,
        "glue_max_concurrent_runs": glue.max_concurrent_runs,
    }


def _expiring(pipeline: DataPipeline) -> Mapping[str, int]:
    """The days after which the objects below each prefix go; what isn't named stays."""
    days = {STAGING: STAGING_DAYS, VERIFICATION: VERIFICATION_DAYS}
    if pipeline.output_retention_days is None:
        return days
    return {**days, **dict.fromkeys((TRANSFORMED, REJECTED), pipeline.output_retention_days)}


def _key_statements(site: PipelineSite) -> Sequence[Statement]:
    return [log_encryption(site.account_id, site.region, [log_groups(site)])]


def _hub_statements(
    site: PipelineSite, key_arn: str, args: RegionalDataPipelineArgs
) -> Sequence[Statement]:
    uploads = args.pipeline.start.on_upload
    return hub_in_data_pipeline(
        bucket_arn=site.bucket_arn,
        key_arn=key_arn,
        job_arn=site.arn("glue", f"job/{job_name(site)}"),
        raw_keys=pattern_of(args.pipeline.raw_key),
        uploads=[uploads] if uploads else [],
        region=site.region,
        is_replicated=args.is_replicated,
    )
