"""AWS Lambda: functions."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from local.deployment.assets import archive_bytes
from local.deployment.limits import NameLimit
from local.deployment.mocked import Mocked, Outputs
from local.deployment.removal_calls import ID, call
from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType
from local.deployment.translation import Inner, Rule


def create_function(resource: Resource) -> Created:
    """A function from its code archive, once it can be invoked."""
    functions, name = resource.client, resource.physical_name()
    archive = archive_bytes(resource.inputs["code"])
    created = functions.create_function(
        **resource.call, Code={"ZipFile": archive}, Tags=resource.tags
    )
    functions.get_waiter("function_active_v2").wait(
        FunctionName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )
    return Created(name, _outputs(resource, created, archive))


def _outputs(resource: Resource, created: dict[str, Any], archive: bytes) -> dict[str, Any]:
    arn, region = created["FunctionArn"], resource.provider.region
    partition = arn.split(":")[1]
    return {
        "arn": arn,
        "invokeArn": (
            f"arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations"
        ),
        "lastModified": created["LastModified"],
        "qualifiedArn": f"{arn}:{created['Version']}",
        "sourceCodeHash": base64.b64encode(hashlib.sha256(archive).digest()).decode(),
        "sourceCodeSize": len(archive),
        "version": created["Version"],
    }


def mock_function(mocked: Mocked) -> Outputs:
    """A function in its first version."""
    name = mocked.physical_name
    arn = mocked.at.arn("lambda", f"function:{name}")
    return {"id": name, "arn": arn, "qualifiedArn": f"{arn}:1"}


FUNCTION = ResourceType(
    token="aws:lambda/function:Function",
    service="lambda",
    properties={
        "architectures": "Architectures",
        "code": Rule.HANDLED,
        "description": "Description",
        "environment": Inner("Environment", {"variables": "Variables"}),
        "handler": "Handler",
        "kmsKeyArn": "KMSKeyArn",
        "memorySize": "MemorySize",
        "name": "FunctionName",
        "role": "Role",
        "runtime": "Runtime",
        "timeout": "Timeout",
        "tracingConfig": Inner("TracingConfig", {"mode": "Mode"}),
        "vpcConfig": Inner(
            "VpcConfig", {"securityGroupIds": "SecurityGroupIds", "subnetIds": "SubnetIds"}
        ),
    },
    create=create_function,
    remove=call("delete_function", FunctionName=ID),
    mock_outputs=mock_function,
    takes_tags=True,
    name_limit=NameLimit(
        key="name",
        most=64,
        pattern=r"[a-zA-Z0-9_-]+",
        unique_in="the Region",
        source="Lambda API reference, CreateFunction: FunctionName",
    ),
    deploy_actions=(
        "iam:PassRole",
        "kms:CreateGrant",
        "kms:Decrypt",
        "kms:Encrypt",
        "kms:GenerateDataKey",
        "lambda:CreateFunction",
        "lambda:DeleteFunction",
        "lambda:GetFunction",
        "lambda:GetFunctionCodeSigningConfig",
        "lambda:GetFunctionConfiguration",
        "lambda:GetRuntimeManagementConfig",
        "lambda:ListTags",
        "lambda:ListVersionsByFunction",
        "lambda:TagResource",
        "lambda:UntagResource",
        "lambda:UpdateFunctionCode",
        "lambda:UpdateFunctionConfiguration",
    ),
)
