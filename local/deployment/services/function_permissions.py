"""AWS Lambda: what a function's own policy allows a service."""

from __future__ import annotations

from local.deployment.removal_calls import call
from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType


def add_permission(resource: Resource) -> Created:
    """A statement of the function's policy; its id is the statement's."""
    resource.client.add_permission(**resource.call)
    return Created(resource.inputs["statementId"])


PERMISSION = ResourceType(
    token="aws:lambda/permission:Permission",
    service="lambda",
    properties={
        "action": "Action",
        "function": "FunctionName",
        "principal": "Principal",
        "sourceAccount": "SourceAccount",
        "sourceArn": "SourceArn",
        "statementId": "StatementId",
    },
    create=add_permission,
    remove=call("remove_permission", FunctionName="function", StatementId="statementId"),
    deploy_actions=("lambda:AddPermission", "lambda:GetPolicy", "lambda:RemovePermission"),
)
