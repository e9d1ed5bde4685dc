"""The transit gateway of one Region: a network attached to it, and peers in other Regions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aws.naming import Names

_OFF = "disable"


@dataclass(frozen=True, kw_only=True)
class TransitGatewayArgs:
    """The network `vpc_id`, attached in `subnet_ids`; peers are led to `blocks` of it alone."""

    names: Names
    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    blocks: Sequence[str]


class TransitGateway(pulumi.ComponentResource):
    """A transit gateway whose routes are all written here: none is learned or made by default.

    What comes from the network and what comes from peers have a route table each, so that no peer
    finds a route to another one.
    """

    gateway_id: pulumi.Output[str]
    """The transit gateway's id."""

    attachment: aws.ec2transitgateway.VpcAttachment
    """The network's attachment, without which no route of the network may name the gateway."""

    network_table_id: pulumi.Output[str]
    """The route table for what comes from the network: it leads to peers."""

    peers_table_id: pulumi.Output[str]
    """The route table for what comes from peers: it leads to the network."""

    def __init__(
        self, name: str, args: TransitGatewayArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:TransitGateway", name, None, opts)
        self._name = name
        self._shown_name = f"{args.names.prefix}-{name}"
        gateway = aws.ec2transitgateway.TransitGateway(
            f"{name}-gateway",
            description=f"Endpoints of AWS in other Regions, for {args.names.prefix}",
            auto_accept_shared_attachments=_OFF,
            default_route_table_association=_OFF,
            default_route_table_propagation=_OFF,
            tags={"Name": self._shown_name},
            opts=self._child(),
        )
        self.gateway_id = gateway.id
        self.attachment = aws.ec2transitgateway.VpcAttachment(
            f"{name}-attachment",
            transit_gateway_id=gateway.id,
            vpc_id=args.vpc_id,
            subnet_ids=args.subnet_ids,
            transit_gateway_default_route_table_association=False,
            transit_gateway_default_route_table_propagation=False,
            tags={"Name": self._shown_name},
            opts=self._child(),
        )
        self.network_table_id = self._table("network")
        self.peers_table_id = self._table("peers")
        associated(f"{name}-network", self.network_table_id, self.attachment.id, parent=self)
        transit_routes(
            f"{name}-peers", self.peers_table_id, args.blocks, self.attachment.id, parent=self
        )
        self.register_outputs({"gateway_id": self.gateway_id})

    def _child(self) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self)

    def _table(self, purpose: str) -> pulumi.Output[str]:
        table = aws.ec2transitgateway.RouteTable(
            f"{self._name}-{purpose}-table",
            transit_gateway_id=self.gateway_id,
            tags={"Name": f"{self._shown_name}-{purpose}"},
            opts=self._child(),
        )
        return table.id


def associated(
    name: str,
    table_id: pulumi.Input[str],
    attachment_id: pulumi.Input[str],
    *,
    parent: pulumi.Resource,
    after: Sequence[pulumi.Resource] = (),
) -> pulumi.Resource:
    """Have the table decide where what comes from the attachment goes."""
    return aws.ec2transitgateway.RouteTableAssociation(
        f"{name}-association",
        transit_gateway_route_table_id=table_id,
        transit_gateway_attachment_id=attachment_id,
        opts=pulumi.ResourceOptions(parent=parent, depends_on=list(after)),
    )


def transit_routes(
    name: str,
    table_id: pulumi.Input[str],
    blocks: Sequence[str],
    attachment_id: pulumi.Input[str],
    *,
    parent: pulumi.Resource,
    after: Sequence[pulumi.Resource] = (),
) -> list[pulumi.Resource]:
    """A static route to each block, by the attachment."""
    return [
        aws.ec2transitgateway.Route(
            f"{name}-route-{number}",
            transit_gateway_route_table_id=table_id,
            destination_cidr_block=block,
            transit_gateway_attachment_id=attachment_id,
            opts=pulumi.ResourceOptions(parent=parent, depends_on=list(after)),
        )
        for number, block in enumerate(blocks, start=1)
    ]
