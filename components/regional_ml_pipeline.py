"""An ML pipeline: training data in, models and their summaries out, in one account and Region."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components.arns import service_arn
from components.cleanup_function import (
    CleanupFunction,
    CleanupFunctionArgs,
    function_arn,
    log_group_name,
)
from components.cross_account_role import CrossAccountRole, CrossAccountRoleArgs
from components.customer_key import CustomerKey, CustomerKeyArgs
from components.iam_customer_key import log_encryption
from components.iam_ml_pipeline import hub_in_ml_pipeline
from components.iam_replication import accept_encryption, accept_replicas
from components.naming import KEY_ALIAS_LIMIT, bucket_arn, role_arn
from components.object_keys import TRAINING_CONFIG
from components.pipeline_settings import PipelineSettings
from components.policy_document import Statement
from components.replication_ends import ReplicationEnd
from components.secure_bucket import SecureBucket, SecureBucketArgs
from components.topology import MlPipeline
from components.training_setup import TrainingSetup, TrainingSetupArgs


@dataclass(frozen=True, kw_only=True)
class RegionalMlPipelineArgs:
    """`account_id` is the account of the pipeline, `source_account_id` that of its source."""

    settings: PipelineSettings
    account_id: str
    pipeline: MlPipeline
    source_account_id: str


class RegionalMlPipeline(pulumi.ComponentResource):
    """Key, bucket, training, clean-up and cross-account role of one ML pipeline, called after it.

    Where the source is in another account, its replication role is let in by name: into the
    bucket and to the key. In the same account that role's own policy is enough.
    """

    account_id: str
    region: str

    source: str
    """The data pipeline whose output it learns from."""

    bucket_name: pulumi.Output[str]
    bucket_arn: pulumi.Output[str]
    key_arn: pulumi.Output[str]

    training_config_key: str
    """Where the training configuration lies in the bucket."""

    training_job_name_prefix: str
    """What the names of its training jobs begin with, less the hyphen."""

    max_runtime_seconds: int
    """How long a training job may take."""

    cleanup_function_name: pulumi.Output[str]

    cross_account_role_arn: pulumi.Output[str]
    """The role that the hub assumes."""

    external_id: pulumi.Output[str]
    """The ExternalId to assume it with: a secret."""

    replication_destination: ReplicationEnd
    """The bucket as the destination of a replication."""

    def __init__(
        self, name: str, args: RegionalMlPipelineArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(
            "unified-pipelines:regional_ml_pipeline:RegionalMlPipeline", name, None, opts
        )
        self._name = name
        self._args = args
        names, pipeline = args.settings.names, args.pipeline
        self._bucket_name = names.bucket(name, args.account_id, pipeline.region)
        self.account_id = args.account_id
        self.region = pipeline.region
        self.source = pipeline.source
        self.training_config_key = TRAINING_CONFIG
        self.training_job_name_prefix = names.training_job_prefix(name)
        self.max_runtime_seconds = pipeline.training.max_runtime_seconds
        self.key_arn = self._key().arn
        bucket = self._bucket()
        self.bucket_name = bucket.bucket_name
        self.bucket_arn = bucket.bucket_arn
        training_role_arn = self._training_setup(bucket).role_arn
        self.cleanup_function_name = self._cleanup_function(bucket).function_name
        role = self._cross_account_role(training_role_arn)
        self.cross_account_role_arn = role.arn
        self.external_id = role.external_id
        self.replication_destination = self._replication_destination(bucket)
        self.register_outputs(
            {
                "bucket_name": self.bucket_name,
                "cleanup_function_name": self.cleanup_function_name,
                "cross_account_role_arn": self.cross_account_role_arn,
            }
        )

    def _child(self) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self)

    @property
    def _computed_bucket_arn(self) -> str:
        return bucket_arn(self.region, self._bucket_name)

    @property
    def _has_foreign_source(self) -> bool:
        return self._args.source_account_id != self.account_id

    @property
    def _replication_role_arn(self) -> str:
        role_name = self._args.settings.names.role(self.source, "replication")
        return role_arn(self.region, self._args.source_account_id, role_name)

    def _key_statements(self) -> list[Statement]:
        group = log_group_name(self._args.settings, self._name)
        statements = [log_encryption(self.account_id, self.region, [group])]
        if self._has_foreign_source:
            accepted = accept_encryption(
                bucket_arn=self._computed_bucket_arn,
                region=self.region,
                source_account_id=self._args.source_account_id,
                replication_role_arn=self._replication_role_arn,
            )
            statements.append(accepted)
        return statements

    def _bucket_statements(self) -> list[Statement]:
        if not self._has_foreign_source:
            return []
        return accept_replicas(
            bucket_arn=self._computed_bucket_arn,
            region=self.region,
            source_account_id=self._args.source_account_id,
            replication_role_arn=self._replication_role_arn,
        )

    def _key(self) -> CustomerKey:
        settings = self._args.settings
        return CustomerKey(
            self._name,
            CustomerKeyArgs(
                alias=settings.names.of(self._name, "key", limit=KEY_ALIAS_LIMIT),
                description=f"Everything of the ML pipeline {self._name}",
                account_id=self.account_id,
                region=self.region,
                statements=self._key_statements(),
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
                policy_statements=self._bucket_statements(),
                protect=self._args.settings.protect_data,
            ),
            self._child(),
        )

    def _training_setup(self, bucket: SecureBucket) -> TrainingSetup:
        return TrainingSetup(
            f"{self._name}-training",
            TrainingSetupArgs(
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

    def _cleanup_function(self, bucket: SecureBucket) -> CleanupFunction:
        return CleanupFunction(
            f"{self._name}-dagcleanup",
            CleanupFunctionArgs(
                settings=self._args.settings,
                pipeline_name=self._name,
                account_id=self.account_id,
                region=self.region,
                bucket_name=self._bucket_name,
                bucket=bucket.bucket_name,
                key_arn=self.key_arn,
            ),
            self._child(),
        )

    def _cross_account_role(self, training_role_arn: pulumi.Output[str]) -> CrossAccountRole:
        settings = self._args.settings
        statements = pulumi.Output.all(self.key_arn, training_role_arn).apply(self._hub_statements)
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

    def _hub_statements(self, arns: list[str]) -> list[Statement]:
        key_arn, training_role_arn = arns
        settings = self._args.settings
        jobs = f"training-job/{self.training_job_name_prefix}-*"
        return hub_in_ml_pipeline(
            bucket_arn=self._computed_bucket_arn,
            key_arn=key_arn,
            region=self.region,
            training_jobs_arn=service_arn("sagemaker", self.region, self.account_id, jobs),
            training_role_arn=training_role_arn,
            function_arn=function_arn(settings, self._name, self.region, self.account_id),
            instance_type=self._args.pipeline.training.instance_type,
            max_runtime_seconds=self.max_runtime_seconds,
        )

    def _replication_destination(self, bucket: SecureBucket) -> ReplicationEnd:
        return ReplicationEnd(
            account_id=self.account_id,
            region=self.region,
            bucket_name=bucket.bucket_name,
            bucket_arn=self._computed_bucket_arn,
            key_arn=self.key_arn,
            ready=bucket.ready,
        )
