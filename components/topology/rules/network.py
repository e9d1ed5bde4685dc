"""The hub's network: private blocks to split, or all the parts of an existing one."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network

from components.topology import limits
from components.topology.codes import Code
from components.topology.model import Network, Topology
from components.topology.problems import KeyPath, Problem, missing, out_of_range, refused

_PATH = ("hub", "network")
_EXISTING = ("vpc_id", "subnet_ids", "security_group_ids")
_NEW = {
    "mode": "says how a new network reaches AWS",
    "cidr_block": "is the block of a new network",
    "regional_cidr_block": "is for the endpoints of a new network",
}
"""The keys of a network that is created."""


def problems(topology: Topology) -> Iterator[Problem]:
    """What is wrong with the network."""
    network = topology.hub.network
    if any(getattr(network, key) for key in _EXISTING):
        yield from _existing(network)
        yield from _numbers(network)
    else:
        path = (*_PATH, "cidr_block")
        yield from _block(path, network.cidr_block, limits.BLOCK_PREFIX_LENGTHS)
        path = (*_PATH, "regional_cidr_block")
        lengths = limits.REGIONAL_BLOCK_PREFIX_LENGTHS
        yield from _block(path, network.regional_cidr_block, lengths)


def _existing(network: Network) -> Iterator[Problem]:
    given = [key for key in _EXISTING if getattr(network, key)]
    for key in _EXISTING:
        if key not in given:
            yield from missing(
                (*_PATH, key),
                f"an existing network needs all of {', '.join(_EXISTING)}",
                f"Add it, or remove {' and '.join(given)} to have a network created",
            )
    for key, means in _NEW.items():
        if key in network.model_fields_set:
            yield from refused(
                (*_PATH, key),
                Code.CONFLICTING_KEYS,
                getattr(network, key),
                f"{means}, but {given[0]} names an existing one",
                advice="Remove one of the two",
            )


def _numbers(network: Network) -> Iterator[Problem]:
    subnets, groups = network.subnet_ids, network.security_group_ids
    if subnets and (len(subnets) != limits.SUBNETS or len(set(subnets)) != limits.SUBNETS):
        yield from refused(
            (*_PATH, "subnet_ids"),
            Code.WRONG_NUMBER,
            subnets,
            "has the wrong number of subnets",
            expected=f"{limits.SUBNETS} different private subnets in two Availability Zones",
        )
    fewest, most = limits.SECURITY_GROUPS
    if groups and (not fewest <= len(groups) <= most or len(set(groups)) != len(groups)):
        yield from refused(
            (*_PATH, "security_group_ids"),
            Code.WRONG_NUMBER,
            groups,
            "has the wrong number of security groups",
            expected=f"{fewest} to {most} different ones",
        )


def _block(path: KeyPath, block: str, lengths: tuple[int, int]) -> Iterator[Problem]:
    try:
        network = IPv4Network(block, strict=False)
    except ValueError:
        network = None
    if network is None or "/" not in block:
        yield from refused(
            path,
            Code.MALFORMED,
            block,
            "is not an IPv4 block",
            expected="an address, a slash and a length, such as 10.192.0.0/16",
        )
        return
    if str(network) != block:
        yield from refused(
            path,
            Code.NOT_A_NETWORK_ADDRESS,
            block,
            "doesn't start at a network address",
            expected=str(network),
        )
    if not any(network.subnet_of(IPv4Network(private)) for private in limits.PRIVATE_BLOCKS):
        yield from refused(
            path,
            Code.NOT_PRIVATE,
            block,
            "is not private",
            expected=f"a block inside one of {', '.join(limits.PRIVATE_BLOCKS)}",
            advice="Choose one that no network connected to the hub uses",
        )
    largest, smallest = lengths
    if not largest <= network.prefixlen <= smallest:
        yield from out_of_range(path, block, f"/{largest} to /{smallest}")
