"""Amazon EC2: route tables."""

from __future__ import annotations

from local.deployment.removal_calls import ID, call
from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType
from local.deployment.services.ec2.tags import (
    TAG_ACTIONS,
    ec2_arn,
    generated_id,
    tag_specifications,
)


def create_route_table(resource: Resource) -> Created:
    """An empty route table; its routes are resources of their own."""
    table = resource.client.create_route_table(
        **resource.call, **tag_specifications(resource, "route-table")
    )["RouteTable"]
    table_id, owner = table["RouteTableId"], table.get("OwnerId", "")
    return Created(
        table_id, {"arn": ec2_arn(resource, owner, f"route-table/{table_id}"), "ownerId": owner}
    )


ROUTE_TABLE = ResourceType(
    token="aws:ec2/routeTable:RouteTable",
    service="ec2",
    properties={"vpcId": "VpcId"},
    create=create_route_table,
    remove=call("delete_route_table", RouteTableId=ID),
    mock_outputs=generated_id("rtb", "route-table"),
    takes_tags=True,
    deploy_actions=(
        "ec2:CreateRouteTable",
        "ec2:DeleteRouteTable",
        "ec2:DescribeRouteTables",
        *TAG_ACTIONS,
    ),
)


def create_route(resource: Resource) -> Created:
    """One route of a table."""
    resource.client.create_route(**resource.call)
    table, block = resource.inputs["routeTableId"], resource.inputs["destinationCidrBlock"]
    return Created(f"r-{table}{block}", {"state": "active", "origin": "CreateRoute"})


ROUTE = ResourceType(
    token="aws:ec2/route:Route",
    service="ec2",
    properties={
        "destinationCidrBlock": "DestinationCidrBlock",
        "gatewayId": "GatewayId",
        "natGatewayId": "NatGatewayId",
        "routeTableId": "RouteTableId",
        "transitGatewayId": "TransitGatewayId",
        "vpcPeeringConnectionId": "VpcPeeringConnectionId",
    },
    create=create_route,
    remove=call(
        "delete_route", RouteTableId="routeTableId", DestinationCidrBlock="destinationCidrBlock"
    ),
    deploy_actions=(
        "ec2:CreateRoute",
        "ec2:DeleteRoute",
        "ec2:DescribeRouteTables",
        "ec2:ReplaceRoute",
    ),
)


def associate_route_table(resource: Resource) -> Created:
    """The association of a table with a subnet."""
    association = resource.client.associate_route_table(**resource.call)
    return Created(association["AssociationId"])


ROUTE_TABLE_ASSOCIATION = ResourceType(
    token="aws:ec2/routeTableAssociation:RouteTableAssociation",
    service="ec2",
    properties={"routeTableId": "RouteTableId", "subnetId": "SubnetId"},
    create=associate_route_table,
    remove=call("disassociate_route_table", AssociationId=ID),
    deploy_actions=(
        "ec2:AssociateRouteTable",
        "ec2:DescribeRouteTables",
        "ec2:DisassociateRouteTable",
    ),
)
