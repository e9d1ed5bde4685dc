"""The Lambda function that rotates ExternalIds, with its role and log group."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aws.naming import ROTATION
from components.functions.python_function import (
    FunctionNetwork,
    PythonFunction,
    PythonFunctionArgs,
    code,
    python_function,
)
from components.network.environment_network import EnvironmentNetwork
from components.pipeline.site import PipelineSite
from components.rotation import names
from components.rotation.policies import rotation

FILES = code("rotate_external_id.py", "secret_rotation.py")

TIMEOUT_SECONDS = 120
"""The longest step waits for IAM for 35 seconds."""


@dataclass(frozen=True, kw_only=True)
class RotationFunctionArgs:
    """`site` is the hub, `network` its environment's where that is private, else None."""

    site: PipelineSite
    key_arn: pulumi.Output[str]
    network: EnvironmentNetwork | None


class RotationFunction(pulumi.ComponentResource):
    """The function, whose policy lets Secrets Manager alone call it.

    No dead-letter queue: Secrets Manager sees each failure, and tries again.
    """

    arn: pulumi.Output[str]
    """The function's ARN, once it is there."""

    role_name: pulumi.Output[str]
    """The name of its role."""

    callable_by_service: pulumi.Resource
    """What Secrets Manager's calls wait for."""

    def __init__(
        self, name: str, args: RotationFunctionArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:RotationFunction", name, None, opts)
        self._name = name
        self._args = args
        made = self._function()
        self.callable_by_service = aws.lambda_.Permission(
            f"{name}-permission",
            statement_id="SecretsManager",
            action="lambda:InvokeFunction",
            function=made.function.name,
            principal="secretsmanager.amazonaws.com",
            source_account=args.site.account_id,
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
        self.arn = made.function.arn
        self.role_name = made.role.name
        self.register_outputs({"arn": self.arn, "role_name": self.role_name})

    def _function(self) -> PythonFunction:
        args, network = self._args, self._args.network
        in_network = network is not None
        return python_function(
            self._name,
            PythonFunctionArgs(
                site=args.site,
                name=names.function_name(args.site),
                description="Rotates the ExternalIds of the hub's connections",
                purpose=ROTATION,
                statements=args.key_arn.apply(
                    lambda key_arn: rotation(args.site, key_arn, in_network=in_network)
                ),
                files=FILES,
                key_arn=args.key_arn,
                timeout_seconds=TIMEOUT_SECONDS,
                variables={
                    # The global endpoint is out of a private network's reach.
                    "AWS_STS_REGIONAL_ENDPOINTS": "regional",
                    "RINGS_PREFIX": names.rings_prefix(args.site.settings.names.environment()),
                },
                network=FunctionNetwork(
                    subnet_ids=network.subnet_ids, security_group_ids=network.security_group_ids
                )
                if network
                else None,
                after=network.ready if network else (),
            ),
            parent=self,
        )
