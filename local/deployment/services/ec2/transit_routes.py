"""Amazon EC2: the route tables of transit gateways."""

from __future__ import annotations

from local.deployment.removal_calls import ID, call
from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType
from local.deployment.services.ec2.tags import TAG_ACTIONS, generated_id, tag_specifications


def create_table(resource: Resource) -> Created:
    """An empty route table; its routes are resources of their own."""
    made = resource.client.create_transit_gateway_route_table(
        **resource.call, **tag_specifications(resource, "transit-gateway-route-table")
    )["TransitGatewayRouteTable"]
    return Created(made["TransitGatewayRouteTableId"])


TRANSIT_ROUTE_TABLE = ResourceType(
    token="aws:ec2transitgateway/routeTable:RouteTable",
    service="ec2",
    properties={"transitGatewayId": "TransitGatewayId"},
    create=create_table,
    remove=call("delete_transit_gateway_route_table", TransitGatewayRouteTableId=ID),
    mock_outputs=generated_id("tgw-rtb", "transit-gateway-route-table"),
    takes_tags=True,
    deploy_actions=(
        "ec2:CreateTransitGatewayRouteTable",
        "ec2:DeleteTransitGatewayRouteTable",
        "ec2:DescribeTransitGatewayRouteTables",
        *TAG_ACTIONS,
    ),
)


def associate(resource: Resource) -> Created:
    """The association of a table with an attachment."""
    resource.client.associate_transit_gateway_route_table(**resource.call)
    table, attachment = (
        resource.inputs[f"transitGateway{part}Id"] for part in ("RouteTable", "Attachment")
    )
    return Created(f"{table}_{attachment}")


TRANSIT_ROUTE_TABLE_ASSOCIATION = ResourceType(
    token="aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation",
    service="ec2",
    properties={
        "transitGatewayAttachmentId": "TransitGatewayAttachmentId",
        "transitGatewayRouteTableId": "TransitGatewayRouteTableId",
    },
    create=associate,
    remove=call(
        "disassociate_transit_gateway_route_table",
        TransitGatewayAttachmentId="transitGatewayAttachmentId",
        TransitGatewayRouteTableId="transitGatewayRouteTableId",
    ),
    deploy_actions=(
        "ec2:AssociateTransitGatewayRouteTable",
        "ec2:DisassociateTransitGatewayRouteTable",
        "ec2:GetTransitGatewayRouteTableAssociations",
    ),
)


def create_route(resource: Resource) -> Created:
    """One static route of a table."""
    resource.client.create_transit_gateway_route(**resource.call)
    table, block = (
        resource.inputs[name] for name in ("transitGatewayRouteTableId", "destinationCidrBlock")
    )
    return Created(f"{table}_{block}")


TRANSIT_ROUTE = ResourceType(
    token="aws:ec2transitgateway/route:Route",
    service="ec2",
    properties={
        "destinationCidrBlock": "DestinationCidrBlock",
        "transitGatewayAttachmentId": "TransitGatewayAttachmentId",
        "transitGatewayRouteTableId": "TransitGatewayRouteTableId",
    },
    create=create_route,
    remove=call(
        "delete_transit_gateway_route",
        DestinationCidrBlock="destinationCidrBlock",
        TransitGatewayRouteTableId="transitGatewayRouteTableId",
    ),
    deploy_actions=(
        "ec2:CreateTransitGatewayRoute",
        "ec2:DeleteTransitGatewayRoute",
        "ec2:SearchTransitGatewayRoutes",
    ),
)
