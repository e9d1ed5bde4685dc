"""What a training job needs: the role it runs as, and the configuration it is started with."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.arns import repository_arn_of
from components.iam_training import training, training_trust
from components.inline_policy import inline_policy
from components.naming import bucket_arn
from components.object_keys import TRAINING_CONFIG
from components.pipeline_settings import PipelineSettings
from components.service_role import ServiceRole, service_role
from components.topology import MlPipeline
from components.training_config import training_config


@dataclass(frozen=True, kw_only=True)
class TrainingSetupArgs:
    """`pipeline_name` and `pipeline` are the ML pipeline's; its bucket and key are given.

    `bucket_ready` is what the configuration's upload waits for.
    """

    settings: PipelineSettings
    pipeline_name: str
    pipeline: MlPipeline
    account_id: str
    bucket_name: str
    bucket: pulumi.Input[str]
    bucket_ready: Sequence[pulumi.Resource]
    key_arn: pulumi.Output[str]


class TrainingSetup(pulumi.ComponentResource):
    """The SageMaker role and `config/training_config.json`."""

    role_arn: pulumi.Output[str]
    """The role that a training job runs as."""

    def __init__(
        self, name: str, args: TrainingSetupArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:training_setup:TrainingSetup", name, None, opts)
        self._name = name
        self._args = args
        made = self._role()
        self.role_arn = made.role.arn
        aws.s3.BucketObjectv2(
            f"{name}-config",
            bucket=args.bucket,
            key=TRAINING_CONFIG,
            content=pulumi.Output.all(self.role_arn, args.key_arn).apply(self._config),
            content_type="application/json",
            # Whoever can read the configuration can train, so the role has its rights before.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[made.policy, *args.bucket_ready]),
        )
        self.register_outputs({"role_arn": self.role_arn})

    def _config(self, arns: Sequence[str]) -> str:
        role_arn, key_arn = arns
        config = training_config(
            training=self._args.pipeline.training,
            image=self._args.pipeline.training_image,
            role_arn=role_arn,
            bucket_name=self._args.bucket_name,
            key_arn=key_arn,
        )
        return json.dumps(config, indent=2, sort_keys=True)

    def _role(self) -> ServiceRole:
        args = self._args
        region, account_id = args.pipeline.region, args.account_id
        role_name = args.settings.names.role(args.pipeline_name, "sagemaker")

        def policy(key_arn: str) -> str:
            statements = training(
                bucket_arn=bucket_arn(region, args.bucket_name),
                key_arn=key_arn,
                region=region,
                account_id=account_id,
                image_repository_arn=repository_arn_of(args.pipeline.training_image),
            )
            return inline_policy(role_name, statements)

        return service_role(
            self._name,
            role_name=role_name,
            description="Trains a model on the training data in the pipeline's bucket",
            trust=training_trust(region=region, account_id=account_id),
            policy=args.key_arn.apply(policy),
            permissions_boundary_arn=args.settings.permissions_boundary_arn(region, account_id),
            parent=self,
        )
