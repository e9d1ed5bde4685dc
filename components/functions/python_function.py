"""A Lambda function of a pipeline or of the hub, with its role and log group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_aws as aws

from components.aws.policy_document import Statement
from components.functions.policies import function_log_group, function_trust
from components.pipeline.role import pipeline_role
from components.pipeline.site import PipelineSite

_CODE = Path(__file__).parents[2] / "workloads" / "lambda"


def code(*names: str) -> dict[str, Path]:
    """Files of `workloads/lambda`, by their names."""
    return {name: _CODE / name for name in names}


@dataclass(frozen=True, kw_only=True)
class FunctionNetwork:
    """The subnets and security groups that a function is connected to."""

    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    security_group_ids: pulumi.Input[Sequence[pulumi.Input[str]]]


@dataclass(frozen=True, kw_only=True)
class PythonFunctionArgs:
    """`files` are all of the code, by their names in the archive; the first has the `handler`.

    `site` is whose function it is. `purpose` is the role's; `statements` are what it may do.
    `after` is what the function waits for besides its role and its log group.
    """

    site: PipelineSite
    name: str
    description: str
    purpose: str
    statements: pulumi.Output[Sequence[Statement]]
    files: Mapping[str, Path]
    key_arn: pulumi.Output[str]
    timeout_seconds: int
    memory_megabytes: int = 256
    variables: Mapping[str, pulumi.Input[str]]
    network: FunctionNetwork | None = None
    after: Sequence[pulumi.Resource] = ()


@dataclass(frozen=True, kw_only=True)
class PythonFunction:
    """A function, and the role that it works as."""

    function: aws.lambda_.Function
    role: aws.iam.Role


def python_function(name: str, args: PythonFunctionArgs, parent: pulumi.Resource) -> PythonFunction:
    """Make `{name}-function`, `{name}-logs`, `{name}-role` and `{name}-policy` under `parent`.

    No reserved concurrency: accounts with a small quota refuse it.
    """
    role = pipeline_role(
        name,
        site=args.site,
        purpose=args.purpose,
        description=args.description,
        trust=function_trust(),
        statements=args.statements,
        parent=parent,
    )
    # Lambda would otherwise make the group itself, without a retention or a key.
    logs = aws.cloudwatch.LogGroup(
        f"{name}-logs",
        name=function_log_group(args.name),
        retention_in_days=args.site.settings.log_retention_days,
        kms_key_id=args.key_arn,
        opts=pulumi.ResourceOptions(parent=parent),
    )
    function = aws.lambda_.Function(
        f"{name}-function",
        name=args.name,
        description=args.description,
        role=role.role.arn,
        runtime="python3.12",
        architectures=["arm64"],
        handler=f"{Path(next(iter(args.files))).stem}.handler",
        code=pulumi.AssetArchive(
            {name: pulumi.FileAsset(str(path)) for name, path in args.files.items()}
        ),
        timeout=args.timeout_seconds,
        memory_size=args.memory_megabytes,
        kms_key_arn=args.key_arn,
        environment=aws.lambda_.FunctionEnvironmentArgs(variables=args.variables),
        tracing_config=aws.lambda_.FunctionTracingConfigArgs(mode="Active"),
        vpc_config=_connected(args.network) if args.network else None,
        # Lambda needs its key as soon as the function is made, and logs from the first call.
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[role.policy, logs, *args.after]),
    )
    return PythonFunction(function=function, role=role.role)


def _connected(network: FunctionNetwork) -> aws.lambda_.FunctionVpcConfigArgs:
    return aws.lambda_.FunctionVpcConfigArgs(
        subnet_ids=network.subnet_ids, security_group_ids=network.security_group_ids
    )
