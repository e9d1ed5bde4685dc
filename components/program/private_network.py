"""The hub's ways to other Regions, where its network has none to the Internet."""

from __future__ import annotations

from collections.abc import Callable

import pulumi

from components.aws.naming import HUB_OWNER
from components.network.cidr import region_block
from components.network.endpoint_network import EndpointNetwork, EndpointNetworkArgs
from components.network.endpoint_services import ACROSS_REGIONS, services_in_region
from components.network.environment_network import PrivateNetwork
from components.network.peering_acceptance import PeeringAcceptance, PeeringAcceptanceArgs
from components.network.region_access import RegionAccess, RegionAccessArgs
from components.program.stack import Stack

ENDPOINTS_PREFIX = "endpoints-"
"""What the names of the components in other Regions begin with; no pipeline's name can."""


def reach_other_regions(
    stack: Stack,
    hub: PrivateNetwork,
    options_at: Callable[[str, str], pulumi.ResourceOptions],
) -> None:
    """Join the hub's network to AWS in each other Region with pipelines."""
    for region in stack.topology.endpoint_regions():
        _reach(stack, hub, region, options_at)


def _reach(
    stack: Stack,
    hub: PrivateNetwork,
    region: str,
    options_at: Callable[[str, str], pulumi.ResourceOptions],
) -> None:
    topology, account = stack.topology, stack.topology.hub.account
    called = services_in_region(topology, region)
    there = options_at(account, region)
    endpoint_network = EndpointNetwork(
        f"{ENDPOINTS_PREFIX}{region}",
        EndpointNetworkArgs(
            names=stack.names,
            region=region,
            cidr_block=region_block(topology.hub.network.regional_cidr_block, region),
            services=sorted(called - ACROSS_REGIONS),
            client_blocks=hub.subnet_blocks,
            account_ids=hub.place.account_ids,
        ),
        there,
    )
    access = RegionAccess(
        f"{HUB_OWNER}-{region}",
        RegionAccessArgs(
            names=stack.names,
            account_id=stack.hub_account_id,
            hub_region=stack.hub_region,
            region=region,
            hub=hub,
            endpoint_network=endpoint_network,
            services=sorted(called & ACROSS_REGIONS),
        ),
        options_at(account, stack.hub_region),
    )
    PeeringAcceptance(
        f"{ENDPOINTS_PREFIX}{region}-peering",
        PeeringAcceptanceArgs(
            names=stack.names,
            endpoint_network=endpoint_network,
            peering_id=access.peering_id,
            hub_blocks=hub.subnet_blocks,
        ),
        there,
    )
