"""The way out of a network through NAT gateways, one in each zone."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.network.parts import NetworkParts

ANYWHERE = "0.0.0.0/0"


def nat_gateways(
    parts: NetworkParts,
    public: Sequence[aws.ec2.Subnet],
    private_tables: Sequence[aws.ec2.RouteTable],
) -> list[pulumi.Resource]:
    """A gateway in each public subnet, and the routes to it; returns what has to be there first.

    Each zone has its own, so that losing a zone never cuts off the other one.
    """
    gateway = aws.ec2.InternetGateway(
        f"{parts.name}-internet-gateway",
        vpc_id=parts.vpc.id,
        tags=parts.tags("internet-gateway"),
        opts=parts.child(),
    )
    public_table = parts.route_table("public")
    ready: list[pulumi.Resource] = [
        aws.ec2.Route(
            f"{parts.name}-public-route",
            route_table_id=public_table.id,
            destination_cidr_block=ANYWHERE,
            gateway_id=gateway.id,
            opts=parts.child(),
        )
    ]
    for number, (subnet, table) in enumerate(zip(public, private_tables, strict=True), start=1):
        ready.append(parts.associate(f"public-{number}", subnet, public_table))
        nat = _nat_gateway(parts, number, subnet, gateway)
        ready.append(
            aws.ec2.Route(
                f"{parts.name}-private-{number}-route",
                route_table_id=table.id,
                destination_cidr_block=ANYWHERE,
                nat_gateway_id=nat.id,
                opts=parts.child(),
            )
        )
    return ready


def _nat_gateway(
    parts: NetworkParts, number: int, subnet: aws.ec2.Subnet, gateway: aws.ec2.InternetGateway
) -> aws.ec2.NatGateway:
    address = aws.ec2.Eip(
        f"{parts.name}-nat-{number}-address",
        domain="vpc",
        tags=parts.tags(f"nat-{number}"),
        opts=parts.child(gateway),
    )
    return aws.ec2.NatGateway(
        f"{parts.name}-nat-{number}",
        allocation_id=address.allocation_id,
        subnet_id=subnet.id,
        tags=parts.tags(f"nat-{number}"),
        # AWS: a public NAT gateway needs the network's internet gateway, which no input names.
        opts=parts.child(gateway, delete_first=True),
    )
