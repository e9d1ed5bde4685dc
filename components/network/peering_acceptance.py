"""How the hub's private network reaches AWS in another Region: the other side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aws.naming import Names
from components.network.endpoint_network import EndpointNetwork
from components.network.region_access import peering_route


@dataclass(frozen=True, kw_only=True)
class PeeringAcceptanceArgs:
    """`peering_id` comes from the hub's side; `hub_blocks` are the subnets that answers go to."""

    names: Names
    endpoint_network: EndpointNetwork
    peering_id: pulumi.Output[str]
    hub_blocks: Sequence[str]


class PeeringAcceptance(pulumi.ComponentResource):
    """Accepts the peering connection of the hub, and has the routes back to it."""

    def __init__(
        self, name: str, args: PeeringAcceptanceArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:PeeringAcceptance", name, None, opts)
        accepted = aws.ec2.VpcPeeringConnectionAccepter(
            f"{name}-accepter",
            vpc_peering_connection_id=args.peering_id,
            auto_accept=True,
            tags={"Name": f"{args.names.prefix}-{name}"},
            opts=pulumi.ResourceOptions(parent=self),
        )
        for number, block in enumerate(args.hub_blocks, start=1):
            peering_route(
                f"{name}-route-{number}",
                args.endpoint_network.route_table_id,
                block,
                args.peering_id,
                parent=self,
                after=[accepted],
            )
        self.register_outputs({})
