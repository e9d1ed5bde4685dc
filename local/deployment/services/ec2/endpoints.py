"""Amazon EC2: endpoints of AWS services in a network."""

from __future__ import annotations

from local.deployment.limits import DocumentLimit
from local.deployment.mocked import Mocked, Outputs
from local.deployment.removal_calls import call_for_one
from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType
from local.deployment.services.ec2.tags import (
    TAG_ACTIONS,
    ec2_arn,
    generated_id,
    tag_specifications,
)


def create_vpc_endpoint(resource: Resource) -> Created:
    """An endpoint of an AWS service."""
    endpoint = resource.client.create_vpc_endpoint(
        **resource.call,
        **tag_specifications(resource, "vpc-endpoint"),
    )["VpcEndpoint"]
    endpoint_id, owner = endpoint["VpcEndpointId"], endpoint.get("OwnerId", "")
    return Created(
        endpoint_id,
        {
            "arn": ec2_arn(resource, owner, f"vpc-endpoint/{endpoint_id}"),
            "dnsEntries": [
                {"dnsName": each["DnsName"], "hostedZoneId": each["HostedZoneId"]}
                for each in endpoint.get("DnsEntries", [])
            ],
            "ownerId": owner,
            "prefixListId": _prefix_list(resource),
            "state": endpoint["State"],
        },
    )


def _prefix_list(resource: Resource) -> str:
    """The addresses behind a gateway endpoint; an interface endpoint has its own."""
    if resource.inputs["vpcEndpointType"] != "Gateway":
        return ""
    service = {"Name": "prefix-list-name", "Values": [resource.inputs["serviceName"]]}
    (found,) = resource.client.describe_prefix_lists(Filters=[service])["PrefixLists"]
    return str(found["PrefixListId"])


def mock_vpc_endpoint(mocked: Mocked) -> Outputs:
    """An endpoint with one name, and the prefix list that a gateway endpoint has."""
    outputs = generated_id("vpce", "vpc-endpoint")(mocked)
    service = mocked.inputs["serviceName"]
    entry = {"dnsName": f"{outputs['id']}.{service}.vpce.amazonaws.com", "hostedZoneId": "Z1"}
    is_gateway = mocked.inputs["vpcEndpointType"] == "Gateway"
    return {
        **outputs,
        "dnsEntries": [] if is_gateway else [entry],
        "prefixListId": f"pl-{mocked.generated(8)}" if is_gateway else "",
    }


VPC_ENDPOINT = ResourceType(
    token="aws:ec2/vpcEndpoint:VpcEndpoint",
    service="ec2",
    properties={
        "policy": "PolicyDocument",
        "privateDnsEnabled": "PrivateDnsEnabled",
        "routeTableIds": "RouteTableIds",
        "securityGroupIds": "SecurityGroupIds",
        "serviceName": "ServiceName",
        "serviceRegion": "ServiceRegion",
        "subnetIds": "SubnetIds",
        "vpcEndpointType": "VpcEndpointType",
        "vpcId": "VpcId",
    },
    create=create_vpc_endpoint,
    remove=call_for_one("delete_vpc_endpoints", "VpcEndpointIds"),
    mock_outputs=mock_vpc_endpoint,
    takes_tags=True,
    document_limits={
        "policy": DocumentLimit(
            most=20_480, source="Amazon VPC quotas: characters of a VPC endpoint policy"
        )
    },
    deploy_actions=(
        "ec2:CreateVpcEndpoint",
        "route53:AssociateVPCWithHostedZone",
        "ec2:DeleteVpcEndpoints",
        "ec2:DescribePrefixLists",
        "ec2:DescribeVpcEndpoints",
        "ec2:ModifyVpcEndpoint",
        "vpce:AllowMultiRegion",
        *TAG_ACTIONS,
    ),
)
