"""What a training job needs: the role it runs as, and the configuration it is started with."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aws.arns import repository_arn_of
from components.aws.secure_bucket import SecureBucket
from components.aws.service_role import ServiceRole
from components.ml_pipeline.training_config import training_config
from components.ml_pipeline.training_image import training_image
from components.ml_pipeline.training_policy import training, training_trust
from components.pipeline.object_keys import TRAINING_CONFIG
from components.pipeline.role import pipeline_role
from components.pipeline.site import PipelineSite
from components.topology.model import MlPipeline


@dataclass(frozen=True, kw_only=True)
class TrainingSetupArgs:
    """The ML pipeline to train in, and the bucket and key that training works on."""

    site: PipelineSite
    pipeline: MlPipeline
    bucket: SecureBucket
    key_arn: pulumi.Output[str]


class TrainingSetup(pulumi.ComponentResource):
    """The SageMaker role and `config/training_config.json`."""

    role_arn: pulumi.Output[str]
    """The role that a training job runs as."""

    def __init__(
        self, name: str, args: TrainingSetupArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:TrainingSetup", name, None, opts)
        self._args = args
        made = self._role(name)
        self.role_arn = made.role.arn
        aws.s3.BucketObjectv2(
            f"{name}-config",
            bucket=args.bucket.bucket_name,
            key=TRAINING_CONFIG,
            content=pulumi.Output.all(self.role_arn, args.key_arn).apply(self._config),
            content_type="application/json",
            # The hub can train once it reads the configuration: the role has its policy before.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[made.policy, *args.bucket.ready]),
        )
        self.register_outputs({"role_arn": self.role_arn})

    def _role(self, name: str) -> ServiceRole:
        site, image = self._args.site, training_image(self._args.pipeline)
        return pipeline_role(
            name,
            site=site,
            purpose="sagemaker",
            description=f"Trains models on the training data of {site.name}",
            trust=training_trust(region=site.region, account_id=site.account_id),
            statements=self._args.key_arn.apply(
                lambda key_arn: training(
                    bucket_arn=site.bucket_arn,
                    key_arn=key_arn,
                    region=site.region,
                    account_id=site.account_id,
                    image_repository_arn=repository_arn_of(image),
                )
            ),
            parent=self,
        )

    def _config(self, arns: Sequence[str]) -> str:
        role_arn, key_arn = arns
        config = training_config(
            pipeline=self._args.pipeline,
            role_arn=role_arn,
            bucket_name=self._args.site.bucket_name,
            key_arn=key_arn,
        )
        return json.dumps(config, indent=2, sort_keys=True)
