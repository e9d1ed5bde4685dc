"""The Lambda function that starts a run per upload, with its role, log group and queue."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.functions.python_function import (
    FunctionNetwork,
    PythonFunctionArgs,
    code,
    python_function,
)
from components.network.environment_network import EnvironmentNetwork
from components.pipeline.site import PipelineSite
from components.uploads import names
from components.uploads.policies import start_function
from components.uploads.upload_queue import UploadQueue

TIMEOUT_SECONDS = 60

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

    The mapping limits how many run at a time.
    """

    function_name: pulumi.Output[str]
    """The function's name, once it is there."""

    def __init__(
        self, name: str, args: StartFunctionArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:StartFunction", name, None, opts)
        self._name = name
        self._args = args
        function = self._function()
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

    def _function(self) -> aws.lambda_.Function:
        args, site = self._args, self._args.site
        return python_function(
            self._name,
            PythonFunctionArgs(
                site=site,
                name=names.function_name(site),
                description="Starts a run of a data pipeline per uploaded object",
                purpose=names.FUNCTION_ROLE,
                statements=args.key_arn.apply(lambda key_arn: start_function(site, key_arn)),
                files=code("start_runs.py"),
                key_arn=args.key_arn,
                timeout_seconds=TIMEOUT_SECONDS,
                variables={
                    "ENVIRONMENT_NAME": site.settings.names.environment(),
                    "QUEUE_URL": args.queue.url,
                },
                network=FunctionNetwork(
                    subnet_ids=args.network.subnet_ids,
                    security_group_ids=args.network.security_group_ids,
                ),
                after=[*args.network.ready, *args.reachable],
            ),
            parent=self,
        ).function
