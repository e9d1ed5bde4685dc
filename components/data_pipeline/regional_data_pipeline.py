"""A data pipeline: raw files in, training data out, in one account and Region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.aws.customer_key import CustomerKey
from components.aws.customer_key_policy import log_encryption
from components.aws.policy_document import Statement
from components.data_pipeline.glue_job import GlueJob, GlueJobArgs, job_name, log_groups
from components.data_pipeline.policies import hub_in_data_pipeline
from components.pipeline.cross_account_role import CrossAccountRole, CrossAccountRoleArgs
from components.pipeline.object_keys import REJECTED, STAGING, TRANSFORMED
from components.pipeline.replication_bucket import ReplicationEnd
from components.pipeline.settings import PipelineSettings
from components.pipeline.site import PipelineSite
from components.pipeline.storage import pipeline_bucket, pipeline_key, replication_end
from components.topology.model import DataPipeline

STAGING_DAYS = 1
"""Days that what Spark wrote on the way stays: long enough to look into a failed run."""


@dataclass(frozen=True, kw_only=True)
class RegionalDataPipelineArgs:
    """`account_id` is the account that `pipeline.account` stands for."""

    settings: PipelineSettings
    account_id: str
    pipeline: DataPipeline


class RegionalDataPipeline(pulumi.ComponentResource):
    """Key, bucket, Glue job and cross-account role of one data pipeline, called after it."""

    account_id: str
    region: str

    raw_key: str
    """Where the raw file is expected."""

    bucket_name: pulumi.Output[str]

    glue_job_name: pulumi.Output[str]
    glue_timeout_minutes: int
    """How long a run may take, from its start."""
    glue_max_concurrent_runs: int
    """How many runs Glue takes at one time; it refuses one more."""

    cross_account_role_arn: pulumi.Output[str]
    """The role that the hub assumes."""

    external_id: pulumi.Output[str]
    """The ExternalId to assume it with: a secret."""

    replication_source: ReplicationEnd
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
        bucket = pipeline_bucket(site, key, expire_after_days=_expiring(args.pipeline), parent=self)
        job = GlueJob(
            f"{name}-glue",
            GlueJobArgs(site=site, pipeline=args.pipeline, bucket=bucket, key_arn=key.arn),
            pulumi.ResourceOptions(parent=self),
        )
        role = self._cross_account_role(site, args.pipeline.raw_key, key)
        self.account_id = site.account_id
        self.region = site.region
        self.raw_key = args.pipeline.raw_key
        self.bucket_name = bucket.bucket_name
        self.glue_job_name = job.job_name
        self.glue_timeout_minutes = args.pipeline.glue.timeout_minutes
        self.glue_max_concurrent_runs = args.pipeline.glue.max_concurrent_runs
        self.cross_account_role_arn = role.arn
        self.external_id = role.external_id
        self.replication_source = replication_end(site, key, bucket)
        self.register_outputs(
            {
                "bucket_name": self.bucket_name,
                "glue_job_name": self.glue_job_name,
                "cross_account_role_arn": self.cross_account_role_arn,
            }
        )

    def _cross_account_role(
        self, site: PipelineSite, raw_key: str, key: CustomerKey
    ) -> CrossAccountRole:
        statements = key.arn.apply(lambda key_arn: _hub_statements(site, key_arn, raw_key))
        return CrossAccountRole(
            f"{site.name}-crossaccount",
            CrossAccountRoleArgs(site=site, statements=statements),
            pulumi.ResourceOptions(parent=self),
        )


def _expiring(pipeline: DataPipeline) -> Mapping[str, int]:
    """The days after which the objects below each prefix go; what isn't named stays."""
    days = {STAGING: STAGING_DAYS}
    if pipeline.output_retention_days is None:
        return days
    return {**days, **dict.fromkeys((TRANSFORMED, REJECTED), pipeline.output_retention_days)}


def _key_statements(site: PipelineSite) -> Sequence[Statement]:
    return [log_encryption(site.account_id, site.region, [log_groups(site)])]


def _hub_statements(site: PipelineSite, key_arn: str, raw_key: str) -> Sequence[Statement]:
    return hub_in_data_pipeline(
        bucket_arn=site.bucket_arn,
        key_arn=key_arn,
        job_arn=site.arn("glue", f"job/{job_name(site)}"),
        raw_key=raw_key,
        region=site.region,
    )
