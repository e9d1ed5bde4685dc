"""One side of a peering of two transit gateways: what comes from the other side, and goes there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.network.transit_gateway import TransitGateway, associated, transit_routes


@dataclass(frozen=True, kw_only=True)
class TransitPeeringArgs:
    """`peering_id` is attached to `gateway`, and accepted once all of `after` is there.

    `blocks` are the other side's.
    """

    gateway: TransitGateway
    peering_id: pulumi.Input[str]
    blocks: Sequence[str]
    after: Sequence[pulumi.Resource]


class TransitPeering(pulumi.ComponentResource):
    """The network of this side and `blocks` of the other one find each other, and nothing else."""

    ready: Sequence[pulumi.Resource]
    """What EC2 refuses until it knows of the acceptance on this side."""

    def __init__(
        self, name: str, args: TransitPeeringArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:TransitPeering", name, None, opts)
        self.ready = [
            associated(
                name,
                args.gateway.peers_table_id,
                args.peering_id,
                parent=self,
                after=args.after,
            ),
            *transit_routes(
                name,
                args.gateway.network_table_id,
                args.blocks,
                args.peering_id,
                parent=self,
                after=args.after,
            ),
        ]
        self.register_outputs({})
