"""Amazon EC2: networks and subnets."""

from __future__ import annotations

from typing import Any

from local.deployment.removal_calls import ID, call
from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType
from local.deployment.services.ec2.interfaces import remove_interfaces
from local.deployment.services.ec2.tags import (
    TAG_ACTIONS,
    ec2_arn,
    generated_id,
    tag_specifications,
)
from local.deployment.translation import Rule


def create_vpc(resource: Resource) -> Created:
    """A network with its DNS settings; AWS adds a security group and a route table."""
    ec2 = resource.client
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
        | _added_by_aws(ec2, vpc_id),
    )


def _added_by_aws(ec2: Any, vpc_id: str) -> dict[str, str]:
    of_vpc = {"Name": "vpc-id", "Values": [vpc_id]}
    groups = ec2.describe_security_groups(
        Filters=[of_vpc, {"Name": "group-name", "Values": ["default"]}]
    )["SecurityGroups"]
    tables = ec2.describe_route_tables(
        Filters=[of_vpc, {"Name": "association.main", "Values": ["true"]}]
    )["RouteTables"]
    outputs = {"defaultSecurityGroupId": groups[0]["GroupId"]} if groups else {}
    if tables:
        table_id = tables[0]["RouteTableId"]
        outputs |= {"defaultRouteTableId": table_id, "mainRouteTableId": table_id}
    return outputs


VPC = ResourceType(
    token="aws:ec2/vpc:Vpc",
    service="ec2",
    properties={
        "cidrBlock": "CidrBlock",
        "enableDnsHostnames": Rule.HANDLED,
        "enableDnsSupport": Rule.HANDLED,
    },
    create=create_vpc,
    remove=call("delete_vpc", VpcId=ID),
    mock_outputs=generated_id("vpc"),
    takes_tags=True,
    deploy_actions=(
        "ec2:CreateVpc",
        "ec2:DeleteVpc",
        "ec2:DescribeNetworkAcls",
        "ec2:DescribeRouteTables",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeVpcAttribute",
        "ec2:DescribeVpcs",
        "ec2:ModifyVpcAttribute",
        *TAG_ACTIONS,
    ),
)


def create_subnet(resource: Resource) -> Created:
    """A subnet in one Availability Zone."""
    ec2 = resource.client
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


def delete_subnet(resource: Resource, id_: str) -> None:
    """The subnet, without the interfaces that Lambda left in it."""
    remove_interfaces(resource.client, "subnet-id", id_)
    resource.client.delete_subnet(SubnetId=id_)


SUBNET = ResourceType(
    token="aws:ec2/subnet:Subnet",
    service="ec2",
    properties={
        "availabilityZone": "AvailabilityZone",
        "cidrBlock": "CidrBlock",
        "mapPublicIpOnLaunch": Rule.HANDLED,
        "vpcId": "VpcId",
    },
    create=create_subnet,
    remove=delete_subnet,
    mock_outputs=generated_id("subnet"),
    takes_tags=True,
    deploy_actions=(
        "ec2:CreateSubnet",
        "ec2:DeleteNetworkInterface",
        "ec2:DeleteSubnet",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DetachNetworkInterface",
        "ec2:DescribeSubnets",
        "ec2:ModifySubnetAttribute",
        *TAG_ACTIONS,
    ),
)
