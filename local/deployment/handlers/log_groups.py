"""CloudWatch Logs: log groups."""

from __future__ import annotations

from local.deployment.resource import Created, Resource, creates
from local.deployment.translation import Rule


@creates(
    "aws:cloudwatch/logGroup:LogGroup",
    {
        "kmsKeyId": "kmsKeyId",
        "logGroupClass": "logGroupClass",
        "name": "logGroupName",
        "retentionInDays": Rule.HANDLED,
        "skipDestroy": Rule.UNUSED_AT_CREATION,
    },
    tagged=True,
)
def create_log_group(resource: Resource) -> Created:
    """A log group with its retention; the ARN is without the `:*` that the API appends."""
    logs = resource.client("logs")
    name = resource.physical_name()
    # CreateLogGroup refuses an empty map of tags.
    tags = {"tags": resource.tags} if resource.tags else {}
    logs.create_log_group(**resource.call, **tags)
    if days := resource.inputs.get("retentionInDays"):
        logs.put_retention_policy(logGroupName=name, retentionInDays=days)
    groups = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    arn = next(group["arn"] for group in groups if group["logGroupName"] == name)
    return Created(name, {"arn": arn.removesuffix(":*"), "name": name})
