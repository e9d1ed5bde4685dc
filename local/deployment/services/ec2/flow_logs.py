"""Amazon EC2: flow logs of a network."""

from __future__ import annotations

from local.deployment.errors import DeploymentError
from local.deployment.removal_calls import call_for_one
from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType
from local.deployment.services.ec2.tags import (
    TAG_ACTIONS,
    ec2_arn,
    generated_id,
    tag_specifications,
)
from local.deployment.translation import Rule


def create_flow_log(resource: Resource) -> Created:
    """A record of a network's traffic, written to a log group."""
    answer = resource.client.create_flow_logs(
        **resource.call,
        ResourceIds=[resource.inputs["vpcId"]],
        ResourceType="VPC",
        **tag_specifications(resource, "vpc-flow-log"),
    )
    # The API answers 200 with the reason in it where it created nothing.
    if failures := answer.get("Unsuccessful"):
        raise DeploymentError(f"CreateFlowLogs created nothing: {failures[0]['Error']['Message']}")
    flow_log_id = answer["FlowLogIds"][0]
    owner = resource.inputs["iamRoleArn"].split(":")[4]
    return Created(flow_log_id, {"arn": ec2_arn(resource, owner, f"vpc-flow-log/{flow_log_id}")})


FLOW_LOG = ResourceType(
    token="aws:ec2/flowLog:FlowLog",
    service="ec2",
    properties={
        "iamRoleArn": "DeliverLogsPermissionArn",
        "logDestination": "LogDestination",
        "logDestinationType": "LogDestinationType",
        "trafficType": "TrafficType",
        "vpcId": Rule.HANDLED,
    },
    create=create_flow_log,
    remove=call_for_one("delete_flow_logs", "FlowLogIds"),
    mock_outputs=generated_id("fl", "vpc-flow-log"),
    takes_tags=True,
    deploy_actions=(
        "ec2:CreateFlowLogs",
        "ec2:DeleteFlowLogs",
        "ec2:DescribeFlowLogs",
        "iam:PassRole",
        "logs:CreateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:GetLogDelivery",
        *TAG_ACTIONS,
    ),
)
