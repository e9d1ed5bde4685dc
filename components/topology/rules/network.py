"""The hub's network: a private block to split, or all the parts of an existing one."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network

from components.topology import limits
from components.topology.codes import Code
from components.topology.model import Network
from components.topology.problems import Problem, missing, out_of_range, refused

_PATH = ("hub", "network")
_EXISTING = ("vpc_id", "subnet_ids", "security_group_ids")


def problems(network: Network) -> Iterator[Problem]:
    """What is wrong with the network."""
    if any(getattr(network, key) for key in _EXISTING):
        yield from _existing(network)
        yield from _numbers(network)
    else:
        yield from _block(network.cidr_block)


def _existing(network: Network) -> Iterator[Problem]:
    given = [key for key in _EXISTING if getattr(network, key)]
    for key in _EXISTING:
        if key not in given:
            yield from missing(
                (*_PATH, key),
                f"an existing network needs all of {', '.join(_EXISTING)}",
                f"Add it, or remove {' and '.join(given)} to have a network created",
            )
    if "cidr_block" in network.model_fields_set:
        yield from refused(
            (*_PATH, "cidr_block"),
            Code.CONFLICTING_KEYS,
            network.cidr_block,
            f"is the block of a new network, but {given[0]} names an existing one",
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


def _block(block: str) -> Iterator[Problem]:
    path = (*_PATH, "cidr_block")
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
    largest, smallest = limits.BLOCK_PREFIX_LENGTHS
    if not largest <= network.prefixlen <= smallest:
        yield from out_of_range(path, block, f"/{largest} to /{smallest}")
