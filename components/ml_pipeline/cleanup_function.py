"""The Lambda function `dagcleanup` of an ML pipeline, with its role and log group."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_aws as aws

from components.aws.naming import FUNCTION_NAME_LIMIT
from components.aws.secure_bucket import SecureBucket
from components.aws.service_role import ServiceRole
from components.ml_pipeline.cleanup_policy import cleanup, cleanup_trust
from components.network.work_network import WorkNetwork
from components.pipeline.role import pipeline_role
from components.pipeline.site import PipelineSite

SOURCE = Path(__file__).parents[2] / "workloads" / "lambda" / "dagcleanup.py"

FILES = (SOURCE, SOURCE.with_name("run_rows.py"))
"""All that the function consists of."""

TIMEOUT_SECONDS = 300
"""Far more than a run takes: the function deletes up to a thousand versions per call to S3."""

MEMORY_MEGABYTES = 256


def function_name(site: PipelineSite) -> str:
    """The function's physical name."""
    return site.name_of("dagcleanup", limit=FUNCTION_NAME_LIMIT)


def function_arn(site: PipelineSite) -> str:
    """The function's ARN, computed: its role's policy comes before the function."""
    return site.arn("lambda", f"function:{function_name(site)}")


def log_group_name(site: PipelineSite) -> str:
    """The log group that Lambda writes to, which the pipeline's key policy names."""
    return f"/aws/lambda/{function_name(site)}"


@dataclass(frozen=True, kw_only=True)
class CleanupFunctionArgs:
    """The ML pipeline that the function is for, and the bucket and key that it works on.

    `keep_days` is for how long a run's rows are kept after a success; 0 deletes them.
    """

    site: PipelineSite
    bucket: SecureBucket
    key_arn: pulumi.Output[str]
    network: WorkNetwork | None
    keep_days: int


class CleanupFunction(pulumi.ComponentResource):
    """The function that clears a run's data, or marks them for S3 to clear, and sums the run up.

    No reserved concurrency: accounts with a small quota refuse it, and one run calls it once. No
    dead-letter queue: it is called synchronously, so the caller gets every failure.
    """

    function_name: pulumi.Output[str]
    """The function's name, once it is there."""

    def __init__(
        self, name: str, args: CleanupFunctionArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:CleanupFunction", name, None, opts)
        self._name = name
        self._args = args
        role = self._role()
        # Lambda would otherwise make the group itself, without a retention or a key.
        logs = aws.cloudwatch.LogGroup(
            f"{name}-logs",
            name=log_group_name(args.site),
            retention_in_days=args.site.settings.log_retention_days,
            kms_key_id=args.key_arn,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.function_name = self._function(role, logs).name
        self.register_outputs({"function_name": self.function_name})

    def _role(self) -> ServiceRole:
        site = self._args.site
        return pipeline_role(
            self._name,
            site=site,
            purpose="dagcleanup",
            description=f"Clears the data of finished runs of {site.name}",
            trust=cleanup_trust(),
            statements=self._args.key_arn.apply(
                lambda key_arn: cleanup(
                    bucket_arn=site.bucket_arn,
                    key_arn=key_arn,
                    region=site.region,
                    account_id=site.account_id,
                    function_arn=function_arn(site),
                    log_group_name=log_group_name(site),
                    keeps_rows=self._args.keep_days > 0,
                    in_network=self._args.network is not None,
                )
            ),
            parent=self,
        )

    def _function(self, role: ServiceRole, logs: aws.cloudwatch.LogGroup) -> aws.lambda_.Function:
        args, network = self._args, self._args.network
        return aws.lambda_.Function(
            f"{self._name}-function",
            name=function_name(args.site),
            description=f"Clears the data of finished runs of {args.site.name}",
            role=role.role.arn,
            runtime="python3.12",
            architectures=["arm64"],
            handler=f"{SOURCE.stem}.handler",
            code=pulumi.AssetArchive({each.name: pulumi.FileAsset(str(each)) for each in FILES}),
            timeout=TIMEOUT_SECONDS,
            memory_size=MEMORY_MEGABYTES,
            kms_key_arn=args.key_arn,
            environment=aws.lambda_.FunctionEnvironmentArgs(
                variables={
                    "BUCKET_NAME": args.bucket.bucket_name,
                    "KEEP_TRAINING_DATA_DAYS": str(args.keep_days),
                }
            ),
            tracing_config=aws.lambda_.FunctionTracingConfigArgs(mode="Active"),
            vpc_config=aws.lambda_.FunctionVpcConfigArgs(
                subnet_ids=network.subnet_ids, security_group_ids=network.group_ids
            )
            if network
            else None,
            # Lambda needs its key as soon as the function is made, and logs from the first call.
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=[role.policy, logs, *(network.ready if network else [])],
            ),
        )
