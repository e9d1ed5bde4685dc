"""The hub's network: private blocks to split, or all the parts of an existing one."""

from __future__ import annotations

from collections.abc import Iterator

from components.topology import limits
from components.topology.codes import Code
from components.topology.model import Network, Topology
from components.topology.problems import Problem, refused
from components.topology.rules.network_parts import (
    block,
    existing,
    group_numbers,
    is_named,
    numbers,
)

_PATH = ("hub", "network")
_CONNECTED = "Choose one that no network connected to the hub uses"
_NEW = {
    "mode": "says how a new network reaches AWS",
    "connectivity": "joins a new network to those of endpoints",
    "cidr_block": "is the block of a new network",
    "regional_cidr_block": "is for the endpoints of a new network",
}
"""The keys of a network that is created."""


def problems(topology: Topology) -> Iterator[Problem]:
    """What is wrong with the network."""
    network = topology.hub.network
    yield from _endpoints(network)
    if is_named(network):
        yield from existing(_PATH, network, _NEW)
        yield from numbers(_PATH, network, (limits.SUBNETS, limits.SUBNETS))
    else:
        path = (*_PATH, "cidr_block")
        yield from block(path, network.cidr_block, limits.BLOCK_PREFIX_LENGTHS, advice=_CONNECTED)
        path = (*_PATH, "regional_cidr_block")
        lengths = limits.REGIONAL_BLOCK_PREFIX_LENGTHS
        yield from block(path, network.regional_cidr_block, lengths, advice=_CONNECTED)
        if network.endpoint_management != "SERVICE":
            yield from refused(
                (*_PATH, "endpoint_management"),
                Code.CONFLICTING_KEYS,
                network.endpoint_management,
                "leaves endpoints to the owner of an existing network, and this one is created",
                advice="Remove it, or name the existing network",
            )


def _endpoints(network: Network) -> Iterator[Problem]:
    if network.endpoints is None:
        return
    path = (*_PATH, "endpoints")
    yield from group_numbers(path, network.endpoints.security_group_ids)
    if not network.is_customer_managed:
        yield from refused(
            path,
            Code.CONFLICTING_KEYS,
            network.endpoints.account,
            "would make endpoints that Amazon MWAA makes itself",
            advice="Set endpoint_management: CUSTOMER, or remove endpoints",
            relies_on=((*_PATH, "endpoint_management"),),
        )
