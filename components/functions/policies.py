"""What the roles of all Lambda functions have in common. Doesn't import Pulumi."""

from __future__ import annotations

from components.aws.arns import log_stream_arns
from components.aws.policy_document import EVERYTHING, Statement, service_trust, statement
from components.network.interface_policies import function_interfaces
from components.pipeline.site import PipelineSite


def function_trust() -> str:
    """The trust of a function's role.

    Without a condition on the source: AWS documents none for Lambda's execution roles, and one that
    isn't sent would keep the function from being created.
    """
    return service_trust("lambda.amazonaws.com")


def function_log_group(function_name: str) -> str:
    """The log group that Lambda writes to, which the policy of its key names."""
    return f"/aws/lambda/{function_name}"


def function_runs(
    site: PipelineSite, function_name: str, key_arn: str, *, in_network: bool
) -> list[Statement]:
    """What a function needs in order to run at all: its variables, its log, its traces.

    Lambda connects it to a network, if it runs in one. `key_arn` encrypts variables and log.
    """
    function_arn = site.arn("lambda", f"function:{function_name}")
    return [
        # Lambda decrypts the environment variables in the role's name when the function starts.
        statement(
            "DecryptEnvironment",
            "kms:Decrypt",
            key_arn,
            {"StringEquals": {"kms:EncryptionContext:aws:lambda:FunctionArn": function_arn}},
        ),
        # The group exists already, so the function needs no permission to make one.
        statement(
            "WriteLogs",
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            log_stream_arns(site.region, site.account_id, function_log_group(function_name)),
        ),
        # Lambda sends the traces in the role's name. AWS X-Ray knows no resource for them.
        statement("Trace", ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], EVERYTHING),
        *([function_interfaces()] if in_network else []),
    ]
