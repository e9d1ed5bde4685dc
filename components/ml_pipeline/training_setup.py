"""What a training job needs: the role it runs as, and the configuration it is started with."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_aws as aws

from components.aws.arns import repository_arn_of
from components.aws.secure_bucket import SecureBucket
from components.aws.service_role import ServiceRole
from components.ml_pipeline.training_code import training_code
from components.ml_pipeline.training_config import training_config
from components.ml_pipeline.training_image import training_image
from components.ml_pipeline.training_policy import training, training_trust
from components.network.interface_policies import InterfacePlace
from components.network.work_network import WorkNetwork, place_of
from components.pipeline.object_keys import TRAINING_CONFIG
from components.pipeline.role import pipeline_role
from components.pipeline.site import PipelineSite
from components.topology.model import MlPipeline


@dataclass(frozen=True, kw_only=True)
class TrainingSetupArgs:
    """The ML pipeline to train in, and the bucket and key that training works on.

    `code_folder` has the script that it trains with, if it is one.
    """

    site: PipelineSite
    pipeline: MlPipeline
    network: WorkNetwork | None
    bucket: SecureBucket
    key_arn: pulumi.Output[str]
    code_folder: Path | None


class TrainingSetup(pulumi.ComponentResource):
    """The SageMaker role, `config/training_config.json`, and a script's archive."""

    role_arn: pulumi.Output[str]
    """The role that a training job runs as."""

    def __init__(
        self, name: str, args: TrainingSetupArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:TrainingSetup", name, None, opts)
        self._args = args
        self._code = training_code(args.code_folder) if args.code_folder else None
        made = self._role(name)
        self.role_arn = made.role.arn
        aws.s3.BucketObjectv2(
            f"{name}-config",
            bucket=args.bucket.bucket_name,
            key=TRAINING_CONFIG,
            content=pulumi.Output.all(self.role_arn, args.key_arn, place_of(args.network)).apply(
                lambda known: self._config(*known)
            ),
            content_type="application/json",
            # The hub can train once it reads the configuration: the role has its policy before.
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=[
                    made.policy,
                    *args.bucket.ready,
                    *self._uploaded(name),
                    *(args.network.ready if args.network else []),
                ],
            ),
        )
        self.register_outputs({"role_arn": self.role_arn})

    def _uploaded(self, name: str) -> Sequence[pulumi.Resource]:
        code = self._code
        if code is None:
            return []
        archive = aws.s3.BucketObjectv2(
            f"{name}-code",
            bucket=self._args.bucket.bucket_name,
            key=code.key,
            source=pulumi.FileAsset(str(code.file())),
            content_type="application/gzip",
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=self._args.bucket.ready,
                # A run that was prepared before the script's change still trains with the old one.
                retain_on_delete=True,
            ),
        )
        return [archive]

    def _role(self, name: str) -> ServiceRole:
        site, image = self._args.site, training_image(self._args.pipeline)
        return pipeline_role(
            name,
            site=site,
            purpose="sagemaker",
            description=f"Trains models on the training data of {site.name}",
            trust=training_trust(
                region=site.region,
                account_id=site.account_id,
                tunes=self._args.pipeline.training.tuning is not None,
            ),
            statements=pulumi.Output.all(self._args.key_arn, place_of(self._args.network)).apply(
                lambda known: training(
                    bucket_arn=site.bucket_arn,
                    key_arn=known[0],
                    region=site.region,
                    account_id=site.account_id,
                    image_repository_arn=repository_arn_of(image),
                    reads_code=self._code is not None,
                    keeps_checkpoints=self._args.pipeline.training.keeps_checkpoints,
                    place=known[1],
                )
            ),
            parent=self,
        )

    def _config(self, role_arn: str, key_arn: str, place: InterfacePlace | None) -> str:
        config = training_config(
            pipeline=self._args.pipeline,
            role_arn=role_arn,
            bucket_name=self._args.site.bucket_name,
            key_arn=key_arn,
            code_key=self._code.key if self._code else None,
            place=place,
        )
        return json.dumps(config, indent=2, sort_keys=True)
