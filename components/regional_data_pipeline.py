"""A data pipeline: raw files in, training data out, in one account and Region."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components.arns import service_arn
from components.cross_account_role import CrossAccountRole, CrossAccountRoleArgs
from components.customer_key import CustomerKey, CustomerKeyArgs
from components.glue_job import GlueJob, GlueJobArgs, job_name, log_group_names
from components.iam_customer_key import log_encryption
from components.iam_data_pipeline import hub_in_data_pipeline
from components.naming import KEY_ALIAS_LIMIT, bucket_arn
from components.object_keys import STAGING
from components.pipeline_settings import PipelineSettings
from components.replication_ends import ReplicationEnd
from components.secure_bucket import SecureBucket, SecureBucketArgs
from components.topology import DataPipeline

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
    bucket_arn: pulumi.Output[str]
    key_arn: pulumi.Output[str]

    glue_job_name: pulumi.Output[str]
    glue_timeout_minutes: int
    """How long a run may take, from its start."""

    cross_account_role_arn: pulumi.Output[str]
    """The role that the hub assumes."""

    external_id: pulumi.Output[str]
    """The ExternalId to assume it with: a secret."""

    replication_source: ReplicationEnd
    """The bucket as the source of a replication."""

    def __init__(
        self, name: str, args: RegionalDataPipelineArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(
            "unified-pipelines:regional_data_pipeline:RegionalDataPipeline", name, None, opts
        )
        self._name = name
        self._args = args
        self._bucket_name = args.settings.names.bucket(name, args.account_id, args.pipeline.region)
        self.account_id = args.account_id
        self.region = args.pipeline.region
        self.raw_key = args.pipeline.raw_key
        self.key_arn = self._key().arn
        bucket = self._bucket()
        self.bucket_name = bucket.bucket_name
        self.bucket_arn = bucket.bucket_arn
        self.glue_timeout_minutes = args.pipeline.glue.timeout_minutes
        self.glue_job_name = self._glue_job(bucket).job_name
        role = self._cross_account_role()
        self.cross_account_role_arn = role.arn
        self.external_id = role.external_id
        self.replication_source = self._replication_source(bucket)
        self.register_outputs(
            {
                "bucket_name": self.bucket_name,
                "glue_job_name": self.glue_job_name,
                "cross_account_role_arn": self.cross_account_role_arn,
            }
        )

    def _child(self) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self)

    def _key(self) -> CustomerKey:
        settings = self._args.settings
        logs = log_encryption(self.account_id, self.region, log_group_names(settings, self._name))
        return CustomerKey(
            self._name,
            CustomerKeyArgs(
                alias=settings.names.of(self._name, "key", limit=KEY_ALIAS_LIMIT),
                description=f"Everything of the data pipeline {self._name}",
                account_id=self.account_id,
                region=self.region,
                statements=[logs],
                protect=settings.protect_data,
            ),
            self._child(),
        )

    def _bucket(self) -> SecureBucket:
        return SecureBucket(
            self._name,
            SecureBucketArgs(
                bucket_name=self._bucket_name,
                region=self.region,
                key_arn=self.key_arn,
                expire_after_days={STAGING: STAGING_DAYS},
                protect=self._args.settings.protect_data,
            ),
            self._child(),
        )

    def _glue_job(self, bucket: SecureBucket) -> GlueJob:
        return GlueJob(
            f"{self._name}-glue",
            GlueJobArgs(
                settings=self._args.settings,
                pipeline_name=self._name,
                pipeline=self._args.pipeline,
                account_id=self.account_id,
                bucket_name=self._bucket_name,
                bucket=bucket.bucket_name,
                bucket_ready=bucket.ready,
                key_arn=self.key_arn,
            ),
            self._child(),
        )

    def _cross_account_role(self) -> CrossAccountRole:
        settings = self._args.settings
        job = f"job/{job_name(settings, self._name)}"
        statements = self.key_arn.apply(
            lambda key_arn: hub_in_data_pipeline(
                bucket_arn=bucket_arn(self.region, self._bucket_name),
                key_arn=key_arn,
                job_arn=service_arn("glue", self.region, self.account_id, job),
                raw_key=self.raw_key,
                region=self.region,
            )
        )
        return CrossAccountRole(
            f"{self._name}-crossaccount",
            CrossAccountRoleArgs(
                role_name=settings.names.role(self._name, "crossaccount"),
                region=self.region,
                hub_account_id=settings.hub_account_id,
                execution_role_arn=settings.execution_role_arn,
                statements=statements,
                random_provider=settings.random_provider,
                permissions_boundary_arn=settings.permissions_boundary_arn(
                    self.region, self.account_id
                ),
            ),
            self._child(),
        )

    def _replication_source(self, bucket: SecureBucket) -> ReplicationEnd:
        return ReplicationEnd(
            account_id=self.account_id,
            region=self.region,
            bucket_name=bucket.bucket_name,
            bucket_arn=bucket_arn(self.region, self._bucket_name),
            key_arn=self.key_arn,
            ready=bucket.ready,
        )
