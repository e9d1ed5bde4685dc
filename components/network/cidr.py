"""The blocks of a stack's networks and their subnets: pure arithmetic, no Pulumi.

Which Availability Zone a subnet goes to is the network component's business.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from ipaddress import IPv4Network

PRIVATE_EXTRA_BITS = 2
"""A private subnet is a quarter of the block: 59 usable addresses in the smallest, a /24."""

PUBLIC_EXTRA_BITS = 4
"""A public subnet is a sixteenth: it holds a NAT gateway, and AWS allows nothing below a /28."""

REGION_PREFIX_LENGTH = 26
"""An endpoint network: two subnets with 27 usable addresses each, one for each endpoint."""

_SALT = "endpoints/"
"""With it, none of the Regions known so far shares a block of a /16 with another one."""


@dataclass(frozen=True, kw_only=True)
class SubnetPlan:
    """Four blocks that don't overlap, two of each kind; each pair spans two zones."""

    public: tuple[str, str]
    private: tuple[str, str]


def plan_subnets(block: str) -> SubnetPlan:
    """Two public and two private subnets of `block`, a network from /16 to /24.

    The private ones are the first two quarters, the public ones the start of the last quarter.

    Raises:
        ValueError: `block` is no IPv4 network, or has host bits set.
    """
    network = IPv4Network(block)
    first, second, _, last = network.subnets(prefixlen_diff=PRIVATE_EXTRA_BITS)
    public = last.subnets(prefixlen_diff=PUBLIC_EXTRA_BITS - PRIVATE_EXTRA_BITS)
    return SubnetPlan(
        public=(str(next(public)), str(next(public))), private=(str(first), str(second))
    )


def region_block(pool: str, region: str) -> str:
    """The block of the endpoint network in `region`: a /26 of `pool`, a network from /16 to /20.

    It follows from the Region's name alone, so that no network moves when pipelines come and go.
    Two Regions may share one: the topology's rules refuse that.
    """
    network = IPv4Network(pool)
    digest = hashlib.sha256(f"{_SALT}{region}".encode()).digest()
    number = int.from_bytes(digest[:4], "big") % 2 ** (REGION_PREFIX_LENGTH - network.prefixlen)
    start = network.network_address + number * 2 ** (32 - REGION_PREFIX_LENGTH)
    return str(IPv4Network((start, REGION_PREFIX_LENGTH)))


def halves(block: str) -> tuple[str, str]:
    """The two halves of a block, one for each of two zones.

    Raises:
        ValueError: `block` is no IPv4 network, or has host bits set.
    """
    first, second = IPv4Network(block).subnets()
    return str(first), str(second)
