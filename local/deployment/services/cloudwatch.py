"""Amazon CloudWatch: alarms."""

from __future__ import annotations

from local.deployment.limits import NameLimit
from local.deployment.mocked import named
from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType
from local.deployment.translation import Rule


def create_metric_alarm(resource: Resource) -> Created:
    """An alarm on one metric."""
    cloudwatch, name = resource.client, resource.physical_name()
    dimensions = [
        {"Name": key, "Value": value} for key, value in resource.inputs["dimensions"].items()
    ]
    cloudwatch.put_metric_alarm(**resource.call, Dimensions=dimensions, Tags=resource.tag_list())
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return Created(name, {"arn": alarm["AlarmArn"], "name": name})


METRIC_ALARM = ResourceType(
    token="aws:cloudwatch/metricAlarm:MetricAlarm",
    service="cloudwatch",
    properties={
        "alarmActions": "AlarmActions",
        "alarmDescription": "AlarmDescription",
        "comparisonOperator": "ComparisonOperator",
        "dimensions": Rule.HANDLED,
        "evaluationPeriods": "EvaluationPeriods",
        "metricName": "MetricName",
        "name": "AlarmName",
        "namespace": "Namespace",
        "okActions": "OKActions",
        "period": "Period",
        "statistic": "Statistic",
        "threshold": "Threshold",
        "treatMissingData": "TreatMissingData",
    },
    create=create_metric_alarm,
    mock_outputs=named("cloudwatch", "alarm:"),
    takes_tags=True,
    name_limit=NameLimit(
        key="name",
        most=255,
        pattern=r"[ -~]+",
        unique_in="the Region",
        source="CloudWatch API reference, PutMetricAlarm: AlarmName",
    ),
    deploy_actions=(
        "cloudwatch:DeleteAlarms",
        "cloudwatch:DescribeAlarms",
        "cloudwatch:ListTagsForResource",
        "cloudwatch:PutMetricAlarm",
        "cloudwatch:TagResource",
        "cloudwatch:UntagResource",
    ),
)
