"""Amazon EC2: flow logs of a network."""

from __future__ import annotations

from local.deployment.errors import DeploymentError
from local.deployment.handlers.ec2_tags import ec2_arn, tag_specifications
from local.deployment.resource import Created, Resource, creates
from local.deployment.translation import Rule


@creates(
    "aws:ec2/flowLog:FlowLog",
    {
        "iamRoleArn": "DeliverLogsPermissionArn",
        "logDestination": "LogDestination",
        "logDestinationType": "LogDestinationType",
        "logFormat": "LogFormat",
        "maxAggregationInterval": "MaxAggregationInterval",
        "trafficType": "TrafficType",
        "vpcId": Rule.HANDLED,
    },
    tagged=True,
)
def create_flow_log(resource: Resource) -> Created:
    """What flows in a network, written to a log group."""
    answer = resource.client("ec2").create_flow_logs(
        **resource.call,
        ResourceIds=[resource.inputs["vpcId"]],
        ResourceType="VPC",
        **tag_specifications(resource, "vpc-flow-log"),
    )
    # The API answers 200 with the reason in it where it made nothing.
    if failures := answer.get("Unsuccessful"):
        raise DeploymentError(f"CreateFlowLogs made nothing: {failures[0]['Error']['Message']}")
    flow_log_id = answer["FlowLogIds"][0]
    owner = resource.inputs["iamRoleArn"].split(":")[4]
    return Created(flow_log_id, {"arn": ec2_arn(resource, owner, f"vpc-flow-log/{flow_log_id}")})
