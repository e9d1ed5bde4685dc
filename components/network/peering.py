"""What joins the hub's network with one in another Region: a peering connection, or gateways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.network.transit_gateway import TransitGateway


@dataclass(frozen=True, kw_only=True)
class TransitGateways:
    """The transit gateways of the hub's network and of the other one."""

    hub: TransitGateway
    region: TransitGateway


@dataclass(frozen=True, kw_only=True)
class OtherNetwork:
    """The network `vpc_id` of `region`, in the account `account_id`."""

    account_id: str
    region: str
    vpc_id: pulumi.Input[str]


def requested_peering(
    name: str,
    vpc_id: pulumi.Input[str],
    other: OtherNetwork,
    gateways: TransitGateways | None,
    *,
    tags: dict[str, str],
    parent: pulumi.Resource,
) -> pulumi.Output[str]:
    """The id of a peering of the gateways or, without any, of the networks.

    The other side has to accept it.
    """
    opts = pulumi.ResourceOptions(parent=parent)
    if gateways is None:
        return aws.ec2.VpcPeeringConnection(
            name,
            vpc_id=vpc_id,
            peer_vpc_id=other.vpc_id,
            peer_owner_id=other.account_id,
            peer_region=other.region,
            tags=tags,
            opts=opts,
        ).id
    return aws.ec2transitgateway.PeeringAttachment(
        name,
        transit_gateway_id=gateways.hub.gateway_id,
        peer_transit_gateway_id=gateways.region.gateway_id,
        peer_account_id=other.account_id,
        peer_region=other.region,
        tags=tags,
        opts=opts,
    ).id


def subnet_route(
    name: str,
    table_id: pulumi.Input[str],
    block: str,
    peering_id: pulumi.Input[str],
    gateway: TransitGateway | None,
    *,
    parent: pulumi.Resource,
    after: Sequence[pulumi.Resource] = (),
) -> pulumi.Resource:
    """A route to one subnet of the other network: by this side's `gateway`, if it has one."""
    if gateway is None:
        target = {"vpc_peering_connection_id": peering_id}
    else:
        target, after = {"transit_gateway_id": gateway.gateway_id}, [*after, gateway.attachment]
    return aws.ec2.Route(
        name,
        route_table_id=table_id,
        destination_cidr_block=block,
        opts=pulumi.ResourceOptions(parent=parent, depends_on=list(after)),
        **target,
    )
