"""The Glue job of a data pipeline, with its role, script, encryption and log groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_aws as aws

from components.iam_data_pipeline import glue_job, glue_trust
from components.inline_policy import inline_policy
from components.naming import GLUE_NAME_LIMIT, bucket_arn
from components.object_keys import GLUE_SCRIPT, GLUE_TEMPORARY
from components.pipeline_settings import PipelineSettings
from components.service_role import ServiceRole, service_role
from components.topology import DataPipeline

SCRIPT = Path(__file__).parent.parent / "workloads" / "glue" / "mwaa_glue_raw_to_transform.py"

JOB_PURPOSE = "mwaa_glue_raw_to_transform"
"""The job's name, less the stack's prefix and the pipeline."""

LOG_STREAM_KINDS = ("error", "output")
"""What Glue puts behind the prefix of its log groups."""


def job_name(settings: PipelineSettings, pipeline: str) -> str:
    """The job's physical name."""
    return settings.names.of(pipeline, JOB_PURPOSE, limit=GLUE_NAME_LIMIT)


def log_prefix(settings: PipelineSettings, pipeline: str) -> str:
    """What the names of the job's log groups begin with, less the slash."""
    return f"/aws-glue/{job_name(settings, pipeline)}"


def log_group_names(settings: PipelineSettings, pipeline: str) -> list[str]:
    """The log groups that Glue writes to, which the pipeline's key has to know."""
    return [f"{log_prefix(settings, pipeline)}/{kind}" for kind in LOG_STREAM_KINDS]


@dataclass(frozen=True, kw_only=True)
class GlueJobArgs:
    """`pipeline_name` and `pipeline` are the data pipeline's; its bucket and key are given.

    `bucket_ready` is what the script's upload waits for.
    """

    settings: PipelineSettings
    pipeline_name: str
    pipeline: DataPipeline
    account_id: str
    bucket_name: str
    bucket: pulumi.Input[str]
    bucket_ready: Sequence[pulumi.Resource]
    key_arn: pulumi.Output[str]


class GlueJob(pulumi.ComponentResource):
    """The job that turns raw files into training data.

    Glue itself never retries: a second attempt is the orchestrator's to make, which knows the run.
    """

    job_name: pulumi.Output[str]
    """The job's name, once it is there."""

    def __init__(
        self, name: str, args: GlueJobArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:glue_job:GlueJob", name, None, opts)
        self._name = name
        self._args = args
        role = self._role()
        ready = [role.policy, self._script(), *self._log_groups()]
        job = self._job(role.role, self._security_configuration(), ready)
        self.job_name = job.name
        self.register_outputs({"job_name": self.job_name})

    def _role(self) -> ServiceRole:
        args = self._args
        region, account_id = args.pipeline.region, args.account_id
        role_name = args.settings.names.role(args.pipeline_name, "glue")

        def policy(key_arn: str) -> str:
            statements = glue_job(
                bucket_arn=bucket_arn(region, args.bucket_name),
                key_arn=key_arn,
                region=region,
                account_id=account_id,
                log_prefix=log_prefix(args.settings, args.pipeline_name),
            )
            return inline_policy(role_name, statements)

        return service_role(
            self._name,
            role_name=role_name,
            description="Turns raw files into training data",
            trust=glue_trust(),
            policy=args.key_arn.apply(policy),
            permissions_boundary_arn=args.settings.permissions_boundary_arn(region, account_id),
            parent=self,
        )

    def _script(self) -> aws.s3.BucketObjectv2:
        return aws.s3.BucketObjectv2(
            f"{self._name}-script",
            bucket=self._args.bucket,
            key=GLUE_SCRIPT,
            source=pulumi.FileAsset(str(SCRIPT)),
            content_type="text/x-python",
            opts=pulumi.ResourceOptions(parent=self, depends_on=[*self._args.bucket_ready]),
        )

    def _log_groups(self) -> list[aws.cloudwatch.LogGroup]:
        """The groups that Glue would otherwise make itself, without a retention or a key."""
        prefix = log_prefix(self._args.settings, self._args.pipeline_name)
        return [
            aws.cloudwatch.LogGroup(
                f"{self._name}-{kind}-logs",
                name=f"{prefix}/{kind}",
                retention_in_days=self._args.settings.log_retention_days,
                kms_key_id=self._args.key_arn,
                opts=pulumi.ResourceOptions(parent=self),
            )
            for kind in LOG_STREAM_KINDS
        ]

    def _security_configuration(self) -> aws.glue.SecurityConfiguration:
        args, key_arn = self._args, self._args.key_arn
        return aws.glue.SecurityConfiguration(
            f"{self._name}-security",
            name=args.settings.names.of(args.pipeline_name, "glue", limit=GLUE_NAME_LIMIT),
            encryption_configuration=(
                aws.glue.SecurityConfigurationEncryptionConfigurationArgs(
                    cloudwatch_encryption=aws.glue.SecurityConfigurationEncryptionConfigurationCloudwatchEncryptionArgs(
                        cloudwatch_encryption_mode="SSE-KMS", kms_key_arn=key_arn
                    ),
                    job_bookmarks_encryption=aws.glue.SecurityConfigurationEncryptionConfigurationJobBookmarksEncryptionArgs(
                        job_bookmarks_encryption_mode="CSE-KMS", kms_key_arn=key_arn
                    ),
                    s3_encryption=aws.glue.SecurityConfigurationEncryptionConfigurationS3EncryptionArgs(
                        s3_encryption_mode="SSE-KMS", kms_key_arn=key_arn
                    ),
                )
            ),
            # Glue can't change one, and two can't have one name.
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )

    def _job(
        self,
        role: aws.iam.Role,
        security: aws.glue.SecurityConfiguration,
        ready: Sequence[pulumi.Resource],
    ) -> aws.glue.Job:
        args, glue = self._args, self._args.pipeline.glue
        return aws.glue.Job(
            f"{self._name}-job",
            name=job_name(args.settings, args.pipeline_name),
            description=f"Turns the raw file of {args.pipeline_name} into training data",
            role_arn=role.arn,
            command=aws.glue.JobCommandArgs(
                name="glueetl",
                python_version="3",
                script_location=f"s3://{args.bucket_name}/{GLUE_SCRIPT}",
            ),
            glue_version=glue.version,
            worker_type=glue.worker_type,
            number_of_workers=glue.workers,
            timeout=glue.timeout_minutes,
            max_retries=0,
            execution_property=aws.glue.JobExecutionPropertyArgs(
                max_concurrent_runs=glue.max_concurrent_runs
            ),
            security_configuration=security.name,
            default_arguments=_default_arguments(args),
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(ready)),
        )


def _default_arguments(args: GlueJobArgs) -> dict[str, pulumi.Input[str]]:
    """What every run is started with; a run adds its bucket, its source key and its run."""
    return {
        "--TempDir": f"s3://{args.bucket_name}/{GLUE_TEMPORARY}",
        "--custom-logGroup-prefix": log_prefix(args.settings, args.pipeline_name),
        "--enable-continuous-cloudwatch-log": "true",
        "--enable-metrics": "true",
        # A run reads one named file, so there is nothing to remember between runs.
        "--job-bookmark-option": "job-bookmark-disable",
        "--job-language": "python",
        "--label_column": args.pipeline.label_column,
        "--max_rejected_fraction": str(args.pipeline.max_rejected_fraction),
    }
