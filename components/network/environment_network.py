"""The part of a network that the environment runs in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.network.interface_endpoint import EndpointPlace

ZONES_WITHOUT_FARGATE = ["apne1-az3", "cnn1-az4", "use1-az3", "usw1-az2"]
"""Zones in which Amazon MWAA can't run its containers: it would fail after half an hour.

Amazon ECS developer guide, "Supported Regions for Amazon ECS on AWS Fargate".
"""


@dataclass(frozen=True, kw_only=True)
class PrivateNetwork:
    """What the endpoints of another Region are joined to: the hub's network without NAT.

    `place` is where endpoints are made; `subnet_blocks` and `route_table_ids` are of its subnets.
    """

    place: EndpointPlace
    subnet_blocks: Sequence[str]
    route_table_ids: Sequence[pulumi.Output[str]]
    environment_group_id: pulumi.Output[str]


@dataclass(frozen=True, kw_only=True)
class EnvironmentNetwork:
    """Two subnets and the security groups; `ready` is what the environment waits for besides.

    `new_vpc_id` is the network's id where the stack makes it, `private` what it consists of where
    it has no way to the Internet.
    """

    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    security_group_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    ready: Sequence[pulumi.Resource] = ()
    new_vpc_id: pulumi.Output[str] | None = None
    private: PrivateNetwork | None = None
