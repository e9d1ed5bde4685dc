"""Amazon CloudWatch: alarms and dashboards."""

from __future__ import annotations

from local.deployment.errors import DeploymentError
from local.deployment.limits import NameLimit
from local.deployment.mocked import Mocked, Outputs, named
from local.deployment.removal_calls import call_for_one
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
    remove=call_for_one("delete_alarms", "AlarmNames"),
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


def put_dashboard(resource: Resource) -> Created:
    """A dashboard, once CloudWatch has found no fault in its definition."""
    messages = resource.client.put_dashboard(**resource.call)["DashboardValidationMessages"]
    if messages:
        raise DeploymentError(f"CloudWatch refused the dashboard: {messages}")
    return Created(resource.inputs["dashboardName"])


def mock_dashboard(mocked: Mocked) -> Outputs:
    """A dashboard has its name as its id."""
    return {"id": mocked.inputs["dashboardName"]}


DASHBOARD = ResourceType(
    token="aws:cloudwatch/dashboard:Dashboard",
    service="cloudwatch",
    properties={"dashboardBody": "DashboardBody", "dashboardName": "DashboardName"},
    create=put_dashboard,
    remove=call_for_one("delete_dashboards", "DashboardNames"),
    mock_outputs=mock_dashboard,
    name_limit=NameLimit(
        key="dashboardName",
        most=255,
        pattern=r"[A-Za-z0-9_-]+",
        unique_in="the account",
        source="CloudWatch API reference, PutDashboard: DashboardName",
    ),
    deploy_actions=(
        "cloudwatch:DeleteDashboards",
        "cloudwatch:GetDashboard",
        "cloudwatch:PutDashboard",
    ),
)
