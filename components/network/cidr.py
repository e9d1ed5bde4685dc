"""Splits the hub's address block into subnets: pure arithmetic, no Pulumi.

Which Availability Zone a subnet goes to is the network component's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network

PRIVATE_EXTRA_BITS = 2
"""A private subnet is a quarter of the block: 59 usable addresses in the smallest, a /24."""

PUBLIC_EXTRA_BITS = 4
"""A public subnet is a sixteenth: it holds a NAT gateway, and AWS allows nothing below a /28."""


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
