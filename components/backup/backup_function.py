"""The Lambda function that makes a backup, with its role and log group."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_aws as aws

from components.aws.naming import HUB_OWNER
from components.aws.secure_bucket import SecureBucket
from components.backup import names
from components.backup.policies import back_up
from components.functions.python_function import (
    FunctionNetwork,
    PythonFunctionArgs,
    code,
    python_function,
)
from components.functions.rule import CallingRuleArgs, calling_rule
from components.network.airflow_endpoint import airflow_endpoint, endpoint_of
from components.network.environment_network import EnvironmentNetwork
from components.pipeline.site import PipelineSite

_ROOT = Path(__file__).parents[2]

FILES = code("back_up.py") | {
    name: _ROOT / name for name in ("clients/airflow_rest_api.py", "clients/paused_dags.py")
}
"""All that the function consists of, by its name in the archive."""

TIMEOUT_SECONDS = 900
"""Lambda's most: far more than it takes at ten requests in a second, of a hundred DAG runs each."""

MEMORY_MEGABYTES = 1024


@dataclass(frozen=True, kw_only=True)
class BackupFunctionArgs:
    """`site` is the hub with its `key_arn`, and `network` its environment's.

    `bucket` takes the backups, under `backup_key_arn`, in `backup_region`. `reachable` is the way
    to Amazon MWAA that another component has made, if one has.
    """

    site: PipelineSite
    key_arn: pulumi.Output[str]
    network: EnvironmentNetwork
    reachable: list[pulumi.Resource]
    bucket: SecureBucket
    backup_key_arn: pulumi.Output[str]
    backup_region: str
    every_hours: int


class BackupFunction(pulumi.ComponentResource):
    """The function, in the environment's network: a private web server refuses other callers."""

    function_name: pulumi.Output[str]
    """The function's name, once it is there."""

    def __init__(
        self, name: str, args: BackupFunctionArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:BackupFunction", name, None, opts)
        self._name = name
        self._args = args
        function = self._function()
        hours = args.every_hours
        rule = CallingRuleArgs(
            function=function,
            name=names.rule_name(args.site),
            description=f"Calls the function every {'hour' if hours == 1 else f'{hours} hours'}",
            schedule_expression=f"rate({hours} hour{'s' if hours > 1 else ''})",
            after=args.bucket.ready,
        )
        calling_rule(name, rule, parent=self)
        self.function_name = function.name
        self.register_outputs({"function_name": self.function_name})

    def _reachable(self) -> list[pulumi.Resource]:
        return self._args.reachable or airflow_endpoint(
            f"{self._name}-airflow-endpoint",
            site=self._args.site,
            network=self._args.network,
            parent=self,
            formerly=endpoint_of("HubUploads", f"{HUB_OWNER}-uploads"),
        )

    def _function(self) -> aws.lambda_.Function:
        args = self._args
        keys = pulumi.Output.all(args.bucket.bucket_arn, args.key_arn, args.backup_key_arn)
        return python_function(
            self._name,
            PythonFunctionArgs(
                site=args.site,
                name=names.function_name(args.site),
                description="Makes a backup of Airflow's metadata",
                purpose=names.FUNCTION_ROLE,
                statements=keys.apply(
                    lambda known: back_up(
                        args.site,
                        bucket_arn=known[0],
                        region=args.backup_region,
                        key_arn=known[1],
                        backup_key_arn=known[2],
                    )
                ),
                files=FILES,
                key_arn=args.key_arn,
                timeout_seconds=TIMEOUT_SECONDS,
                memory_megabytes=MEMORY_MEGABYTES,
                variables={
                    "ENVIRONMENT_NAME": args.site.settings.names.environment(),
                    "BUCKET_NAME": args.bucket.bucket_name,
                    "BUCKET_REGION": args.backup_region,
                },
                network=FunctionNetwork(
                    subnet_ids=args.network.subnet_ids,
                    security_group_ids=args.network.security_group_ids,
                ),
                after=[*args.network.ready, *self._reachable()],
            ),
            parent=self,
        ).function
