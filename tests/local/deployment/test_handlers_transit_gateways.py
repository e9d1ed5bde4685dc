"""Transit gateways, read back: a network and a peer in another Region are attached to one."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws
import pytest
from pulumi_aws import ec2transitgateway as tgw

from local.deployment.errors import DeploymentError
from tests.local.deployment.conftest import Account

FAR = "eu-west-1"


def gateway_of(name: str, options: pulumi.ResourceOptions) -> tgw.TransitGateway:
    return tgw.TransitGateway(
        name,
        description="for the hub",
        auto_accept_shared_attachments="disable",
        default_route_table_association="disable",
        default_route_table_propagation="disable",
        opts=options,
    )


def two_gateways(account: Account, *, accepted: bool) -> None:
    """A network attached to a gateway, which is peered with one in another Region."""
    options = account.options()
    far = pulumi.ResourceOptions(provider=account.provider("far", region=FAR))
    vpc = aws.ec2.Vpc("vpc", cidr_block="10.1.0.0/16", opts=options)
    subnet = aws.ec2.Subnet("subnet", vpc_id=vpc.id, cidr_block="10.1.1.0/24", opts=options)
    gateway, other = gateway_of("gateway", options), gateway_of("other", far)
    attachment = tgw.VpcAttachment(
        "attachment",
        transit_gateway_id=gateway.id,
        vpc_id=vpc.id,
        subnet_ids=[subnet.id],
        transit_gateway_default_route_table_association=False,
        transit_gateway_default_route_table_propagation=False,
        opts=options,
    )
    peering = tgw.PeeringAttachment(
        "peering",
        transit_gateway_id=gateway.id,
        peer_transit_gateway_id=other.id,
        peer_account_id=account.id,
        peer_region=FAR,
        opts=options,
    )
    table = tgw.RouteTable("table", transit_gateway_id=gateway.id, opts=options)
    after = []
    if accepted:
        accepter = tgw.PeeringAttachmentAccepter(
            "accepter", transit_gateway_attachment_id=peering.id, opts=far
        )
        after = [accepter]
    tgw.RouteTableAssociation(
        "association",
        transit_gateway_route_table_id=table.id,
        transit_gateway_attachment_id=peering.id,
        opts=pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(depends_on=after)),
    )
    tgw.Route(
        "route",
        transit_gateway_route_table_id=table.id,
        transit_gateway_attachment_id=attachment.id,
        destination_cidr_block="10.1.1.0/24",
        opts=options,
    )
    networks_table = aws.ec2.RouteTable("networks-table", vpc_id=vpc.id, opts=options)
    aws.ec2.Route(
        "networks-route",
        route_table_id=networks_table.id,
        destination_cidr_block="10.2.0.0/16",
        transit_gateway_id=gateway.id,
        opts=pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(depends_on=[attachment])),
    )
    pulumi.export("ids", [gateway.id, attachment.id, peering.id, table.id, networks_table.id])


def test_transit_gateways_are_peered_across_regions(account: Account) -> None:
    deployed = account.deploy(lambda: two_gateways(account, accepted=True))
    _, attachment, peering, table, networks_table = deployed.outputs["ids"]
    ec2 = account.client("ec2")
    found = ec2.describe_transit_gateway_peering_attachments()["TransitGatewayPeeringAttachments"]
    assert [(each["State"], each["Tags"]) for each in found] == [
        ("available", [{"Key": "stack", "Value": "test"}])
    ]
    associations = ec2.get_transit_gateway_route_table_associations(
        TransitGatewayRouteTableId=table
    )["Associations"]
    assert [each["TransitGatewayAttachmentId"] for each in associations] == [peering]
    (route,) = ec2.search_transit_gateway_routes(
        TransitGatewayRouteTableId=table, Filters=[{"Name": "type", "Values": ["static"]}]
    )["Routes"]
    assert route["DestinationCidrBlock"] == "10.1.1.0/24"
    assert route["TransitGatewayAttachments"] == [{"TransitGatewayAttachmentId": attachment}]
    (networks,) = ec2.describe_route_tables(RouteTableIds=[networks_table])["RouteTables"]
    assert "TransitGatewayId" in networks["Routes"][-1]


def test_a_peering_of_gateways_is_of_no_use_before_it_is_accepted(account: Account) -> None:
    with pytest.raises(DeploymentError, match=r"IncorrectState.*pendingAcceptance"):
        account.deploy(lambda: two_gateways(account, accepted=False))


def test_a_network_has_no_route_to_a_gateway_without_an_attachment(account: Account) -> None:
    def program() -> None:
        options = account.options()
        vpc = aws.ec2.Vpc("vpc", cidr_block="10.1.0.0/16", opts=options)
        table = aws.ec2.RouteTable("table", vpc_id=vpc.id, opts=options)
        aws.ec2.Route(
            "route",
            route_table_id=table.id,
            destination_cidr_block="10.2.0.0/16",
            transit_gateway_id=gateway_of("gateway", options).id,
            opts=options,
        )

    with pytest.raises(DeploymentError, match=r"InvalidTransitGatewayID\.NotFound"):
        account.deploy(program)
