"""The hub's network: a private block to split, or all the parts of an existing one."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network

from components.topology import limits
from components.topology.model import Network
from components.topology.problems import Problem, refused
from components.topology.rules.basics import matching

_PATH = ("hub", "network")
_EXISTING = ("vpc_id", "subnet_ids", "security_group_ids")


def problems(network: Network) -> Iterator[Problem]:
    """What is wrong with the network."""
    if any(getattr(network, key) for key in _EXISTING):
        yield from _existing(network)
    else:
        yield from _block(network.cidr_block)


def _existing(network: Network) -> Iterator[Problem]:
    given = [key for key in _EXISTING if getattr(network, key)]
    for key in _EXISTING:
        if key not in given:
            yield Problem(
                (*_PATH, key),
                "missing",
                f"an existing network needs all of {', '.join(_EXISTING)}",
                f"add it, or remove {' and '.join(given)} to have a network created",
            )
    if "cidr_block" in network.model_fields_set:
        yield from refused(
            (*_PATH, "cidr_block"),
            network.cidr_block,
            f"either a block for a new network or an existing one, and there is {given[0]}",
            "remove the block",
        )
    yield from _ids(network)
    yield from _counts(network)


def _ids(network: Network) -> Iterator[Problem]:
    ids = (
        *(("vpc_id", network.vpc_id, limits.VPC_ID_PATTERN, "vpc-"),),
        *(
            ("subnet_ids", subnet, limits.SUBNET_ID_PATTERN, "subnet-")
            for subnet in network.subnet_ids
        ),
        *(
            ("security_group_ids", group, limits.SECURITY_GROUP_ID_PATTERN, "sg-")
            for group in network.security_group_ids
        ),
    )
    for key, value, pattern, start in ids:
        yield from matching(
            (*_PATH, key),
            value,
            pattern,
            f"an id such as {start}0123456789abcdef0",
            "write the id, neither the name nor the ARN",
        )


def _counts(network: Network) -> Iterator[Problem]:
    subnets, groups = network.subnet_ids, network.security_group_ids
    if subnets and (len(subnets) != limits.SUBNETS or len(set(subnets)) != limits.SUBNETS):
        yield from refused(
            (*_PATH, "subnet_ids"),
            subnets,
            f"exactly {limits.SUBNETS} different subnets",
            "name two private subnets in two Availability Zones",
        )
    fewest, most = limits.SECURITY_GROUPS
    if groups and (not fewest <= len(groups) <= most or len(set(groups)) != len(groups)):
        yield from refused(
            (*_PATH, "security_group_ids"),
            groups,
            f"{fewest} to {most} different security groups",
            "name those that the environment needs, each once",
        )


def _block(block: str) -> Iterator[Problem]:
    path = (*_PATH, "cidr_block")
    try:
        network = IPv4Network(block, strict=False)
    except ValueError:
        network = None
    if network is None or "/" not in block:
        yield from refused(
            path, block, "an IPv4 block such as 10.192.0.0/16", "write address, slash, length"
        )
        return
    if str(network) != block:
        yield from refused(
            path, block, "a block that starts at its own network address", f"write {network}"
        )
    if not any(network.subnet_of(IPv4Network(private)) for private in limits.PRIVATE_BLOCKS):
        yield from refused(
            path,
            block,
            f"inside a private range: {', '.join(limits.PRIVATE_BLOCKS)}",
            "choose a private block that nothing connected to the hub uses",
        )
    largest, smallest = limits.BLOCK_PREFIX_LENGTHS
    if not largest <= network.prefixlen <= smallest:
        yield from refused(
            path, block, f"/{largest} to /{smallest}", "choose a length in this range"
        )
