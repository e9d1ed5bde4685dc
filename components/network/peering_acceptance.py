"""How the hub's private network reaches AWS in another Region: the other side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aws.naming import Names
from components.network.endpoint_network import EndpointNetwork
from components.network.peering import subnet_route
from components.network.transit_gateway import TransitGateway


@dataclass(frozen=True, kw_only=True)
class PeeringAcceptanceArgs:
    """`peering_id` comes from the hub's side; `hub_blocks` are the subnets that answers go to.

    Without `gateway`, the transit gateway of this side, it is a peering of the networks themselves.
    """

    names: Names
    endpoint_network: EndpointNetwork
    peering_id: pulumi.Output[str]
    hub_blocks: Sequence[str]
    gateway: TransitGateway | None = None


class PeeringAcceptance(pulumi.ComponentResource):
    """Accepts the peering of the hub, and has the routes back to it."""

    accepted: pulumi.Resource
    """The acceptance."""

    def __init__(
        self, name: str, args: PeeringAcceptanceArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:PeeringAcceptance", name, None, opts)
        self._name = name
        self._args = args
        self.accepted = self._accepted()
        for number, block in enumerate(args.hub_blocks, start=1):
            subnet_route(
                f"{name}-route-{number}",
                args.endpoint_network.route_table_id,
                block,
                args.peering_id,
                args.gateway,
                parent=self,
                after=[self.accepted],
            )
        self.register_outputs({})

    def _accepted(self) -> pulumi.Resource:
        name = f"{self._name}-accepter"
        tags = {"Name": f"{self._args.names.prefix}-{self._name}"}
        opts = pulumi.ResourceOptions(parent=self)
        if self._args.gateway is None:
            return aws.ec2.VpcPeeringConnectionAccepter(
                name,
                vpc_peering_connection_id=self._args.peering_id,
                auto_accept=True,
                tags=tags,
                opts=opts,
            )
        return aws.ec2transitgateway.PeeringAttachmentAccepter(
            name, transit_gateway_attachment_id=self._args.peering_id, tags=tags, opts=opts
        )
