"""Amazon EC2: networks, subnets and the endpoints in them."""

from __future__ import annotations

from typing import Any

from local.deployment.handlers.ec2_tags import ec2_arn, tag_specifications
from local.deployment.resource import Created, Resource, creates
from local.deployment.translation import Inner, Rule


@creates(
    "aws:ec2/vpc:Vpc",
    {
        "cidrBlock": "CidrBlock",
        "enableDnsHostnames": Rule.HANDLED,
        "enableDnsSupport": Rule.HANDLED,
        "instanceTenancy": "InstanceTenancy",
    },
    tagged=True,
)
def create_vpc(resource: Resource) -> Created:
    """A network with its DNS settings; AWS makes a security group and a route table with it."""
    ec2 = resource.client("ec2")
    vpc = ec2.create_vpc(**resource.call, **tag_specifications(resource, "vpc"))["Vpc"]
    vpc_id = vpc["VpcId"]
    for name in ("enableDnsSupport", "enableDnsHostnames"):
        if name in resource.inputs:
            attribute = f"{name[0].upper()}{name[1:]}"
            value = {"Value": resource.inputs[name]}
            ec2.modify_vpc_attribute(VpcId=vpc_id, **{attribute: value})
    owner = vpc["OwnerId"]
    return Created(
        vpc_id,
        {"arn": ec2_arn(resource, owner, f"vpc/{vpc_id}"), "ownerId": owner}
        | _made_with_it(ec2, vpc_id),
    )


def _made_with_it(ec2: Any, vpc_id: str) -> dict[str, str]:
    here = {"Name": "vpc-id", "Values": [vpc_id]}
    groups = ec2.describe_security_groups(
        Filters=[here, {"Name": "group-name", "Values": ["default"]}]
    )["SecurityGroups"]
    tables = ec2.describe_route_tables(
        Filters=[here, {"Name": "association.main", "Values": ["true"]}]
    )["RouteTables"]
    outputs = {"defaultSecurityGroupId": groups[0]["GroupId"]} if groups else {}
    if tables:
        table_id = tables[0]["RouteTableId"]
        outputs |= {"defaultRouteTableId": table_id, "mainRouteTableId": table_id}
    return outputs


@creates(
    "aws:ec2/subnet:Subnet",
    {
        "availabilityZone": "AvailabilityZone",
        "cidrBlock": "CidrBlock",
        "mapPublicIpOnLaunch": Rule.HANDLED,
        "vpcId": "VpcId",
    },
    tagged=True,
)
def create_subnet(resource: Resource) -> Created:
    """A subnet in one Availability Zone."""
    ec2 = resource.client("ec2")
    subnet = ec2.create_subnet(**resource.call, **tag_specifications(resource, "subnet"))["Subnet"]
    subnet_id, owner = subnet["SubnetId"], subnet["OwnerId"]
    if "mapPublicIpOnLaunch" in resource.inputs:
        ec2.modify_subnet_attribute(
            SubnetId=subnet_id,
            MapPublicIpOnLaunch={"Value": resource.inputs["mapPublicIpOnLaunch"]},
        )
    return Created(
        subnet_id,
        {
            "arn": ec2_arn(resource, owner, f"subnet/{subnet_id}"),
            "availabilityZone": subnet["AvailabilityZone"],
            "availabilityZoneId": subnet.get("AvailabilityZoneId", ""),
            "ownerId": owner,
        },
    )


@creates(
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    {
        "dnsOptions": Inner("DnsOptions", {"dnsRecordIpType": "DnsRecordIpType"}),
        "ipAddressType": "IpAddressType",
        "policy": "PolicyDocument",
        "privateDnsEnabled": "PrivateDnsEnabled",
        "routeTableIds": "RouteTableIds",
        "securityGroupIds": "SecurityGroupIds",
        "serviceName": "ServiceName",
        "subnetIds": "SubnetIds",
        "vpcEndpointType": "VpcEndpointType",
        "vpcId": "VpcId",
    },
    tagged=True,
)
def create_vpc_endpoint(resource: Resource) -> Created:
    """An interface or gateway endpoint of an AWS service."""
    endpoint = resource.client("ec2").create_vpc_endpoint(
        **resource.call,
        **tag_specifications(resource, "vpc-endpoint"),
    )["VpcEndpoint"]
    endpoint_id, owner = endpoint["VpcEndpointId"], endpoint.get("OwnerId", "")
    return Created(
        endpoint_id,
        {
            "arn": ec2_arn(resource, owner, f"vpc-endpoint/{endpoint_id}"),
            "ownerId": owner,
            "state": endpoint["State"],
        },
    )
