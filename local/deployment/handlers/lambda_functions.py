"""AWS Lambda: functions."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from local.deployment.assets import archive_bytes
from local.deployment.resource import Created, Resource, creates
from local.deployment.translation import Inner, Rule


@creates(
    "aws:lambda/function:Function",
    {
        "architectures": "Architectures",
        "code": Rule.HANDLED,
        "description": "Description",
        "environment": Inner("Environment", {"variables": "Variables"}),
        "ephemeralStorage": Inner("EphemeralStorage", {"size": "Size"}),
        "handler": "Handler",
        "kmsKeyArn": "KMSKeyArn",
        "loggingConfig": Inner(
            "LoggingConfig",
            {
                "applicationLogLevel": "ApplicationLogLevel",
                "logFormat": "LogFormat",
                "logGroup": "LogGroup",
                "systemLogLevel": "SystemLogLevel",
            },
        ),
        "memorySize": "MemorySize",
        "name": "FunctionName",
        "packageType": "PackageType",
        "publish": "Publish",
        "role": "Role",
        "runtime": "Runtime",
        "sourceCodeHash": Rule.UNUSED_AT_CREATION,
        "timeout": "Timeout",
        "tracingConfig": Inner("TracingConfig", {"mode": "Mode"}),
    },
    tagged=True,
)
def create_function(resource: Resource) -> Created:
    """A function from its code archive, once it can be invoked."""
    function = resource.client("lambda")
    name = resource.physical_name()
    archive = archive_bytes(resource.inputs["code"])
    made = function.create_function(**resource.call, Code={"ZipFile": archive}, Tags=resource.tags)
    function.get_waiter("function_active_v2").wait(
        FunctionName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )
    return Created(name, _outputs(resource, made, archive))


def _outputs(resource: Resource, made: dict[str, Any], archive: bytes) -> dict[str, Any]:
    arn, region = made["FunctionArn"], resource.provider.region
    partition = arn.split(":")[1]
    return {
        "arn": arn,
        "invokeArn": (
            f"arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations"
        ),
        "lastModified": made["LastModified"],
        "qualifiedArn": f"{arn}:{made['Version']}",
        "sourceCodeHash": base64.b64encode(hashlib.sha256(archive).digest()).decode(),
        "sourceCodeSize": len(archive),
        "version": made["Version"],
    }
