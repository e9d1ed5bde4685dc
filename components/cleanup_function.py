"""The Lambda function `dagcleanup` of an ML pipeline, with its role and log group."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_aws as aws

from components.arns import service_arn
from components.iam_cleanup import cleanup, cleanup_trust
from components.inline_policy import inline_policy
from components.naming import FUNCTION_NAME_LIMIT, bucket_arn
from components.pipeline_settings import PipelineSettings
from components.service_role import ServiceRole, service_role

SOURCE = Path(__file__).parent.parent / "workloads" / "lambda" / "dagcleanup.py"

TIMEOUT_SECONDS = 300
"""A run's parts are deleted a thousand versions a call: far more than any run has."""

MEMORY_MEGABYTES = 256


def function_name(settings: PipelineSettings, pipeline: str) -> str:
    """The function's physical name."""
    return settings.names.of(pipeline, "dagcleanup", limit=FUNCTION_NAME_LIMIT)


def function_arn(settings: PipelineSettings, pipeline: str, region: str, account_id: str) -> str:
    """The function's ARN, computed: its role's policy comes before the function."""
    name = function_name(settings, pipeline)
    return service_arn("lambda", region, account_id, f"function:{name}")


def log_group_name(settings: PipelineSettings, pipeline: str) -> str:
    """The group that Lambda writes to, which the pipeline's key has to know."""
    return f"/aws/lambda/{function_name(settings, pipeline)}"


@dataclass(frozen=True, kw_only=True)
class CleanupFunctionArgs:
    """`pipeline_name` is the ML pipeline's; its bucket and key are given."""

    settings: PipelineSettings
    pipeline_name: str
    account_id: str
    region: str
    bucket_name: str
    bucket: pulumi.Input[str]
    key_arn: pulumi.Output[str]


class CleanupFunction(pulumi.ComponentResource):
    """The function that clears a run's data and writes its summary.

    No reserved concurrency: accounts with a small quota refuse it, and one run calls it once. No
    dead-letter queue: it is called synchronously, so the caller gets every failure.
    """

    function_name: pulumi.Output[str]
    """The function's name, once it is there."""

    def __init__(
        self, name: str, args: CleanupFunctionArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:cleanup_function:CleanupFunction", name, None, opts)
        self._name = name
        self._args = args
        role = self._role()
        # Lambda would otherwise make the group itself, without a retention or a key.
        logs = aws.cloudwatch.LogGroup(
            f"{name}-logs",
            name=log_group_name(args.settings, args.pipeline_name),
            retention_in_days=args.settings.log_retention_days,
            kms_key_id=args.key_arn,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.function_name = self._function(role, logs).name
        self.register_outputs({"function_name": self.function_name})

    def _role(self) -> ServiceRole:
        args = self._args
        role_name = args.settings.names.role(args.pipeline_name, "dagcleanup")

        def policy(key_arn: str) -> str:
            statements = cleanup(
                bucket_arn=bucket_arn(args.region, args.bucket_name),
                key_arn=key_arn,
                region=args.region,
                account_id=args.account_id,
                function_arn=function_arn(
                    args.settings, args.pipeline_name, args.region, args.account_id
                ),
                log_group_name=log_group_name(args.settings, args.pipeline_name),
            )
            return inline_policy(role_name, statements)

        return service_role(
            self._name,
            role_name=role_name,
            description="Clears the data of finished runs and writes their summaries",
            trust=cleanup_trust(account_id=args.account_id),
            policy=args.key_arn.apply(policy),
            permissions_boundary_arn=args.settings.permissions_boundary_arn(
                args.region, args.account_id
            ),
            parent=self,
        )

    def _function(self, role: ServiceRole, logs: aws.cloudwatch.LogGroup) -> aws.lambda_.Function:
        args = self._args
        return aws.lambda_.Function(
            f"{self._name}-function",
            name=function_name(args.settings, args.pipeline_name),
            description=f"Clears the data of finished runs of {args.pipeline_name}",
            role=role.role.arn,
            runtime="python3.12",
            architectures=["arm64"],
            handler=f"{SOURCE.stem}.handler",
            code=pulumi.AssetArchive({SOURCE.name: pulumi.FileAsset(str(SOURCE))}),
            timeout=TIMEOUT_SECONDS,
            memory_size=MEMORY_MEGABYTES,
            kms_key_arn=args.key_arn,
            environment=aws.lambda_.FunctionEnvironmentArgs(variables={"BUCKET_NAME": args.bucket}),
            # Lambda needs its key as soon as the function is made, and logs from the first call.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[role.policy, logs]),
        )
