"""Amazon EC2: route tables."""

from __future__ import annotations

from local.deployment.handlers.ec2_tags import ec2_arn, tag_specifications
from local.deployment.resource import Created, Resource, creates


@creates("aws:ec2/routeTable:RouteTable", {"vpcId": "VpcId"}, tagged=True)
def create_route_table(resource: Resource) -> Created:
    """An empty route table; its routes are resources of their own."""
    table = resource.client("ec2").create_route_table(
        **resource.call, **tag_specifications(resource, "route-table")
    )["RouteTable"]
    table_id, owner = table["RouteTableId"], table.get("OwnerId", "")
    return Created(
        table_id, {"arn": ec2_arn(resource, owner, f"route-table/{table_id}"), "ownerId": owner}
    )


@creates(
    "aws:ec2/route:Route",
    {
        "destinationCidrBlock": "DestinationCidrBlock",
        "gatewayId": "GatewayId",
        "natGatewayId": "NatGatewayId",
        "routeTableId": "RouteTableId",
    },
)
def create_route(resource: Resource) -> Created:
    """One route of a table."""
    resource.client("ec2").create_route(**resource.call)
    table, block = resource.inputs["routeTableId"], resource.inputs["destinationCidrBlock"]
    return Created(f"r-{table}{block}", {"state": "active", "origin": "CreateRoute"})


@creates(
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    {"gatewayId": "GatewayId", "routeTableId": "RouteTableId", "subnetId": "SubnetId"},
)
def associate_route_table(resource: Resource) -> Created:
    """A table put on a subnet."""
    association = resource.client("ec2").associate_route_table(**resource.call)
    return Created(association["AssociationId"])
