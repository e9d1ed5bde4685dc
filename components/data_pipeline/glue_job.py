"""The Glue job of a data pipeline, with its role, script, encryption and log groups."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_aws as aws

from components.aws.policy_document import Statement
from components.aws.secure_bucket import SecureBucket
from components.aws.service_role import ServiceRole
from components.data_pipeline.glue_arguments import fixed_arguments, script_location
from components.data_pipeline.glue_code import SCRIPT, package, program
from components.data_pipeline.glue_connections import connection_arns, glue_connections
from components.data_pipeline.glue_names import (
    LOG_KINDS,
    ROLE,
    job_name,
    log_group_name,
    log_groups,
    security_name,
)
from components.data_pipeline.glue_script import script_settings, team_code
from components.data_pipeline.glue_settings import glue_settings
from components.data_pipeline.policies import folder_markers, glue_job, glue_trust
from components.network.interface_policies import InterfacePlace, glue_interfaces
from components.network.work_network import WorkNetwork, place_of
from components.pipeline.object_keys import GLUE_PACKAGE, GLUE_SCRIPT, GLUE_SETTINGS
from components.pipeline.role import pipeline_role
from components.pipeline.site import PipelineSite
from components.topology.model import DataPipeline
from components.topology.versions import version_of

CODE_TYPE = "application/octet-stream"
"""The content type of a team's files."""

FIRST_WITH_S3A = (5, 1)
"""The first version of Glue that reads and writes S3 through Hadoop's own client.

AWS Glue developer guide, "Migrating AWS Glue for Spark jobs to AWS Glue version 5.1".
"""


@dataclass(frozen=True, kw_only=True)
class GlueJobArgs:
    """The data pipeline that the job is for, and the bucket and key that it works on.

    `root` is the project's directory, to which the files of the team's script are relative.

    `trainings` are the hyperparameters of AWS's XGBoost, by ML pipeline that trains on its output.
    """

    site: PipelineSite
    pipeline: DataPipeline
    trainings: Mapping[str, Mapping[str, str]]
    network: WorkNetwork | None
    bucket: SecureBucket
    key_arn: pulumi.Output[str]
    root: Path


class GlueJob(pulumi.ComponentResource):
    """The job that turns raw files into training data.

    Glue itself never retries: Airflow, which knows the run, makes a second attempt.
    """

    job_name: pulumi.Output[str]
    """The job's name, once it is there."""

    def __init__(
        self, name: str, args: GlueJobArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:GlueJob", name, None, opts)
        self._name = name
        self._args = args
        self._code = team_code(args.pipeline, args.root)
        role = self._role()
        ready = [role.policy, *self._objects(), *self._log_groups()]
        job = self._job(role.role, self._security_configuration(), ready)
        self.job_name = job.name
        self.register_outputs({"job_name": self.job_name})

    def _role(self) -> ServiceRole:
        site = self._args.site
        return pipeline_role(
            self._name,
            site=site,
            purpose=ROLE,
            description=f"Turns the raw files of {site.name} into training data",
            trust=glue_trust(),
            statements=pulumi.Output.all(self._args.key_arn, place_of(self._args.network)).apply(
                lambda known: self._statements(*known)
            ),
            parent=self,
        )

    def _statements(self, key_arn: str, place: InterfacePlace | None) -> list[Statement]:
        site, network = self._args.site, self._args.network
        statements = glue_job(
            bucket_arn=site.bucket_arn,
            key_arn=key_arn,
            region=site.region,
            account_id=site.account_id,
            log_groups=log_groups(site),
        )
        if version_of(self._args.pipeline.glue.version) < FIRST_WITH_S3A:
            statements.append(folder_markers(site.bucket_arn))
        if network is not None and place is not None:
            statements += glue_interfaces(place, connection_arns(site, network))
        return statements

    def _objects(self) -> list[aws.s3.BucketObjectv2]:
        """The script, the package that it imports, the settings that it reads, the team's code."""
        pipeline = self._args.pipeline
        settings = {
            **glue_settings(pipeline, self._args.trainings),
            **script_settings(pipeline, self._code),
            "program": program(),
        }
        content = pulumi.StringAsset(json.dumps(settings, indent=1, sort_keys=True))
        return [
            self._object("script", GLUE_SCRIPT, pulumi.FileAsset(str(SCRIPT)), "text/x-python"),
            self._object("package", GLUE_PACKAGE, package(), "application/zip"),
            self._object("settings", GLUE_SETTINGS, content, "application/json"),
            *(
                self._object(file.path.name, file.key, pulumi.FileAsset(str(file.path)), CODE_TYPE)
                for file in self._code.files
            ),
        ]

    def _object(
        self, purpose: str, key: str, source: pulumi.Asset | pulumi.Archive, content_type: str
    ) -> aws.s3.BucketObjectv2:
        return aws.s3.BucketObjectv2(
            f"{self._name}-{purpose}",
            bucket=self._args.bucket.bucket_name,
            key=key,
            source=source,
            content_type=content_type,
            opts=pulumi.ResourceOptions(parent=self, depends_on=self._args.bucket.ready),
        )

    def _log_groups(self) -> list[aws.cloudwatch.LogGroup]:
        """The groups that Glue would otherwise make itself, without a retention."""
        site = self._args.site
        return [
            aws.cloudwatch.LogGroup(
                f"{self._name}-{kind}-logs",
                name=log_group_name(site, kind),
                retention_in_days=site.settings.log_retention_days,
                kms_key_id=self._args.key_arn,
                opts=pulumi.ResourceOptions(parent=self),
            )
            for kind in LOG_KINDS
        ]

    def _security_configuration(self) -> aws.glue.SecurityConfiguration:
        key_arn = self._args.key_arn
        return aws.glue.SecurityConfiguration(
            f"{self._name}-security",
            name=security_name(self._args.site),
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
            # Glue can't update one, and two can't have the same name.
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )

    def _job(
        self,
        role: aws.iam.Role,
        security: aws.glue.SecurityConfiguration,
        ready: Sequence[pulumi.Resource],
    ) -> aws.glue.Job:
        site, glue, network = self._args.site, self._args.pipeline.glue, self._args.network
        connections = glue_connections(self._name, site, network, self) if network else []
        return aws.glue.Job(
            f"{self._name}-job",
            name=job_name(site),
            description=f"Turns the raw files of {site.name} into training data",
            role_arn=role.arn,
            command=aws.glue.JobCommandArgs(
                name="glueetl",
                python_version="3",
                script_location=script_location(site),
            ),
            glue_version=glue.version,
            worker_type=glue.worker_type,
            number_of_workers=glue.workers,
            execution_class="FLEX" if glue.flex else "STANDARD",
            timeout=glue.timeout_minutes,
            max_retries=0,
            execution_property=aws.glue.JobExecutionPropertyArgs(
                max_concurrent_runs=glue.max_concurrent_runs
            ),
            security_configuration=security.name,
            connections=[connection.name for connection in connections] or None,
            # Not as default arguments: a run could override those (ADR 82).
            non_overridable_arguments=fixed_arguments(site, self._args.pipeline, self._code),
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(ready)),
        )
