"""The hub's ways to other Regions, where its network has none to the Internet."""

from __future__ import annotations

from collections.abc import Callable, Set

import pulumi

from components.aws.naming import HUB_OWNER
from components.network.cidr import region_block
from components.network.endpoint_network import EndpointNetwork, EndpointNetworkArgs
from components.network.endpoint_services import ACROSS_REGIONS, services_in_region
from components.network.environment_network import PrivateNetwork
from components.network.peering import TransitGateways
from components.network.peering_acceptance import PeeringAcceptance, PeeringAcceptanceArgs
from components.network.region_access import RegionAccess, RegionAccessArgs
from components.network.transit_gateway import TransitGateway, TransitGatewayArgs
from components.network.transit_peering import TransitPeering, TransitPeeringArgs
from components.program.stack import Stack

ENDPOINTS_PREFIX = "endpoints-"
"""What the names of the components in other Regions begin with; no pipeline's name can."""


def reach_other_regions(
    stack: Stack,
    hub: PrivateNetwork,
    options_at: Callable[[str, str], pulumi.ResourceOptions],
) -> None:
    """Join the hub's network to AWS in each other Region with pipelines."""
    gateway = None
    if stack.topology.has_transit_gateways():
        gateway = TransitGateway(
            f"{HUB_OWNER}-transit",
            TransitGatewayArgs(
                names=stack.names,
                vpc_id=hub.place.vpc_id,
                subnet_ids=hub.place.subnet_ids,
                blocks=hub.subnet_blocks,
            ),
            options_at(stack.topology.hub.account, stack.hub_region),
        )
    for region in stack.topology.endpoint_regions():
        _reach(stack, hub, gateway, region, options_at)


def _reach(
    stack: Stack,
    hub: PrivateNetwork,
    hub_gateway: TransitGateway | None,
    region: str,
    options_at: Callable[[str, str], pulumi.ResourceOptions],
) -> None:
    account = stack.topology.hub.account
    called = services_in_region(stack.topology, region)
    here, there = options_at(account, stack.hub_region), options_at(account, region)
    network = _endpoint_network(stack, hub, region, called - ACROSS_REGIONS, there)
    gateways = None
    if hub_gateway is not None:
        own = _gateway(stack, region, network, there)
        gateways = TransitGateways(hub=hub_gateway, region=own)
    access = RegionAccess(
        f"{HUB_OWNER}-{region}",
        RegionAccessArgs(
            names=stack.names,
            account_id=stack.hub_account_id,
            hub_region=stack.hub_region,
            region=region,
            hub=hub,
            endpoint_network=network,
            services=sorted(called & ACROSS_REGIONS),
            gateways=gateways,
        ),
        here,
    )
    acceptance = PeeringAcceptance(
        f"{ENDPOINTS_PREFIX}{region}-peering",
        PeeringAcceptanceArgs(
            names=stack.names,
            endpoint_network=network,
            peering_id=access.peering_id,
            hub_blocks=hub.subnet_blocks,
            gateway=gateways.region if gateways else None,
        ),
        there,
    )
    if gateways is None:
        return
    far_side = TransitPeering(
        f"{ENDPOINTS_PREFIX}{region}-transit-peering",
        TransitPeeringArgs(
            gateway=gateways.region,
            peering_id=access.peering_id,
            blocks=hub.subnet_blocks,
            after=[acceptance.accepted],
        ),
        there,
    )
    TransitPeering(
        f"{HUB_OWNER}-{region}-transit-peering",
        TransitPeeringArgs(
            gateway=gateways.hub,
            peering_id=access.peering_id,
            blocks=network.subnet_blocks,
            # The hub's Region may know of the acceptance a moment later than the other one, and
            # the provider doesn't wait for that.
            after=far_side.ready,
        ),
        here,
    )


def _endpoint_network(
    stack: Stack,
    hub: PrivateNetwork,
    region: str,
    services: Set[str],
    options: pulumi.ResourceOptions,
) -> EndpointNetwork:
    return EndpointNetwork(
        f"{ENDPOINTS_PREFIX}{region}",
        EndpointNetworkArgs(
            names=stack.names,
            region=region,
            cidr_block=region_block(stack.topology.hub.network.regional_cidr_block, region),
            services=sorted(services),
            client_blocks=hub.subnet_blocks,
            account_ids=hub.place.account_ids,
        ),
        options,
    )


def _gateway(
    stack: Stack, region: str, network: EndpointNetwork, options: pulumi.ResourceOptions
) -> TransitGateway:
    return TransitGateway(
        f"{ENDPOINTS_PREFIX}{region}-transit",
        TransitGatewayArgs(
            names=stack.names,
            vpc_id=network.vpc_id,
            subnet_ids=network.subnet_ids,
            blocks=network.subnet_blocks,
        ),
        options,
    )
