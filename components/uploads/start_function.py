"""The Lambda function that starts a run per upload, with its role, log group and queue."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_aws as aws

from components.aws.service_role import ServiceRole
from components.network.environment_network import EnvironmentNetwork
from components.pipeline.role import pipeline_role
from components.pipeline.site import PipelineSite
from components.uploads import names
from components.uploads.policies import function_trust, start_function
from components.uploads.upload_queue import UploadQueue

SOURCE = Path(__file__).parents[2] / "workloads" / "lambda" / "start_runs.py"

TIMEOUT_SECONDS = 60
MEMORY_MEGABYTES = 256

BATCH_SIZE = 10
CONCURRENCY = 2
"""The fewest that Lambda takes. Each starts one run at a time: two together stay below the ten
requests in a second that Amazon MWAA answers by default."""


@dataclass(frozen=True, kw_only=True)
class StartFunctionArgs:
    """`site` is the hub, `network` its environment's, and `queue` what the function works off.

    `reachable` is what the function's calls wait for besides: a way to Amazon MWAA.
    """

    site: PipelineSite
    key_arn: pulumi.Output[str]
    network: EnvironmentNetwork
    queue: UploadQueue
    reachable: list[pulumi.Resource]


class StartFunction(pulumi.ComponentResource):
    """The function, in the environment's network: a private web server refuses other callers.

    No reserved concurrency: accounts with a small quota refuse it, and the mapping has a limit.
    """

    function_name: pulumi.Output[str]
    """The function's name, once it is there."""

    def __init__(
        self, name: str, args: StartFunctionArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:StartFunction", name, None, opts)
        self._name = name
        self._args = args
        # Lambda would otherwise make the group itself, without a retention or a key.
        logs = aws.cloudwatch.LogGroup(
            f"{name}-logs",
            name=names.function_log_group(args.site),
            retention_in_days=args.site.settings.log_retention_days,
            kms_key_id=args.key_arn,
            opts=pulumi.ResourceOptions(parent=self),
        )
        function = self._function(self._role(), logs)
        aws.lambda_.EventSourceMapping(
            f"{name}-mapping",
            event_source_arn=args.queue.arn,
            function_name=function.name,
            batch_size=BATCH_SIZE,
            function_response_types=["ReportBatchItemFailures"],
            scaling_config=aws.lambda_.EventSourceMappingScalingConfigArgs(
                maximum_concurrency=CONCURRENCY
            ),
            # Lambda takes one mapping of a queue to a function.
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
        self.function_name = function.name
        self.register_outputs({"function_name": self.function_name})

    def _role(self) -> ServiceRole:
        site = self._args.site
        return pipeline_role(
            self._name,
            site=site,
            purpose=names.FUNCTION_ROLE,
            description="Starts a run of a data pipeline per uploaded object",
            trust=function_trust(),
            statements=self._args.key_arn.apply(lambda key_arn: start_function(site, key_arn)),
            parent=self,
        )

    def _function(self, role: ServiceRole, logs: aws.cloudwatch.LogGroup) -> aws.lambda_.Function:
        args = self._args
        return aws.lambda_.Function(
            f"{self._name}-function",
            name=names.function_name(args.site),
            description="Starts a run of a data pipeline per uploaded object",
            role=role.role.arn,
            runtime="python3.12",
            architectures=["arm64"],
            handler=f"{SOURCE.stem}.handler",
            code=pulumi.AssetArchive({SOURCE.name: pulumi.FileAsset(str(SOURCE))}),
            timeout=TIMEOUT_SECONDS,
            memory_size=MEMORY_MEGABYTES,
            kms_key_arn=args.key_arn,
            environment=aws.lambda_.FunctionEnvironmentArgs(
                variables={
                    "ENVIRONMENT_NAME": args.site.settings.names.environment(),
                    "QUEUE_URL": args.queue.url,
                }
            ),
            tracing_config=aws.lambda_.FunctionTracingConfigArgs(mode="Active"),
            vpc_config=aws.lambda_.FunctionVpcConfigArgs(
                subnet_ids=args.network.subnet_ids,
                security_group_ids=args.network.security_group_ids,
            ),
            # Lambda needs its key as soon as the function is made, and logs from the first call.
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=[role.policy, logs, *args.network.ready, *args.reachable],
            ),
        )
