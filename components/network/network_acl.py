"""The network ACLs: what may cross the edge of a subnet, in each direction by itself.

A network ACL knows no connections, so that each direction names the ports of the answers, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi_aws as aws

from components.network.interface_endpoint import HTTPS
from components.network.nat_gateways import ANYWHERE
from components.network.parts import NetworkParts

EPHEMERAL_PORTS = (1024, 65535)
"""Those that answers come to (VPC user guide, "Ephemeral ports"): of any client."""

_HTTPS_PORTS = (HTTPS, HTTPS)
_ALL_PORTS = (0, 0)
_FIRST, _STEP = 100, 10

Entry = tuple[str, tuple[int, int]]
"""A block, and the first and last port that TCP traffic with it may go to; `_ALL_PORTS` for all
ports of all protocols."""


def environment_acl(
    parts: NetworkParts, subnets: Sequence[aws.ec2.Subnet], block: str
) -> aws.ec2.NetworkAcl:
    """Anything within the network's `block`, and HTTPS from there.

    To anywhere: an ACL can't name S3's prefix list, whose addresses change. The routes lead to S3
    and the endpoint networks alone, and the security groups name both.
    """
    within = (block, _ALL_PORTS)
    return _acl(
        parts,
        "private",
        subnets,
        ingress=[within, (ANYWHERE, EPHEMERAL_PORTS)],
        egress=[within, (ANYWHERE, _HTTPS_PORTS)],
    )


def endpoints_acl(
    parts: NetworkParts, subnets: Sequence[aws.ec2.Subnet], clients: Sequence[str]
) -> aws.ec2.NetworkAcl:
    """HTTPS from the blocks of `clients`, and the answers to it."""
    return _acl(
        parts,
        "private",
        subnets,
        ingress=[(block, _HTTPS_PORTS) for block in clients],
        egress=[(block, EPHEMERAL_PORTS) for block in clients],
    )


def _acl(
    parts: NetworkParts,
    kind: str,
    subnets: Sequence[aws.ec2.Subnet],
    *,
    ingress: Sequence[Entry],
    egress: Sequence[Entry],
) -> aws.ec2.NetworkAcl:
    return aws.ec2.NetworkAcl(
        f"{parts.name}-{kind}-acl",
        vpc_id=parts.vpc.id,
        subnet_ids=[subnet.id for subnet in subnets],
        ingress=[
            aws.ec2.NetworkAclIngressArgs(**values) for values in map(_values, enumerate(ingress))
        ],
        egress=[
            aws.ec2.NetworkAclEgressArgs(**values) for values in map(_values, enumerate(egress))
        ],
        tags=parts.tags(kind),
        opts=parts.child(),
    )


def _values(numbered: tuple[int, Entry]) -> dict[str, Any]:
    number, (block, (first, last)) = numbered
    return {
        "rule_no": _FIRST + number * _STEP,
        "action": "allow",
        "protocol": "-1" if (first, last) == _ALL_PORTS else "tcp",
        "cidr_block": block,
        "from_port": first,
        "to_port": last,
    }
