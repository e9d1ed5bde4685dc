"""CloudWatch Logs: log groups."""

from __future__ import annotations

from local.deployment.limits import NameLimit
from local.deployment.mocked import named
from local.deployment.removal_calls import ID, call
from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType
from local.deployment.translation import Rule


def create_log_group(resource: Resource) -> Created:
    """A log group with its retention; the ARN is without the `:*` that the API appends."""
    logs, name = resource.client, resource.physical_name()
    # CreateLogGroup refuses an empty map of tags.
    tags = {"tags": resource.tags} if resource.tags else {}
    logs.create_log_group(**resource.call, **tags)
    if days := resource.inputs.get("retentionInDays"):
        logs.put_retention_policy(logGroupName=name, retentionInDays=days)
    groups = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    arn = next(group["arn"] for group in groups if group["logGroupName"] == name)
    return Created(name, {"arn": arn.removesuffix(":*"), "name": name})


LOG_GROUP = ResourceType(
    token="aws:cloudwatch/logGroup:LogGroup",
    service="logs",
    properties={
        "kmsKeyId": "kmsKeyId",
        "name": "logGroupName",
        "retentionInDays": Rule.HANDLED,
    },
    create=create_log_group,
    remove=call("delete_log_group", logGroupName=ID),
    mock_outputs=named("logs", "log-group:"),
    takes_tags=True,
    name_limit=NameLimit(
        key="name",
        most=512,
        pattern=r"[.\-_/#A-Za-z0-9]+",
        unique_in="the Region",
        source="CloudWatch Logs API reference, CreateLogGroup: logGroupName",
    ),
    deploy_actions=(
        "logs:AssociateKmsKey",
        "logs:CreateLogGroup",
        "logs:DeleteLogGroup",
        "logs:DescribeLogGroups",
        "logs:ListTagsForResource",
        "logs:PutRetentionPolicy",
        "logs:TagResource",
        "logs:UntagResource",
    ),
)
