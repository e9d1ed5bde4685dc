"""A small network in another Region, in the hub's account: endpoints of AWS, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aws.naming import Names
from components.network.cidr import halves
from components.network.endpoint_group import endpoints_group, https_from
from components.network.interface_endpoint import EndpointPlace, interface_endpoint
from components.network.network_acl import endpoints_acl
from components.network.parts import NetworkParts


@dataclass(frozen=True, kw_only=True)
class EndpointNetworkArgs:
    """`services` get an endpoint; `client_blocks` are the hub's subnets, which reach them."""

    names: Names
    region: str
    cidr_block: str
    services: Sequence[str]
    client_blocks: Sequence[str]
    account_ids: Sequence[str]


class EndpointNetwork(pulumi.ComponentResource):
    """Two subnets with the endpoints, without a route but the one within the network.

    A peering joins it to the hub's network. The endpoints have no private DNS, which would hold
    within this network alone.
    """

    vpc_id: pulumi.Output[str]
    """The network's id."""

    subnet_ids: Sequence[pulumi.Output[str]]
    """Its subnets."""

    subnet_blocks: Sequence[str]
    """The blocks of its subnets."""

    route_table_id: pulumi.Output[str]
    """The table of both subnets."""

    endpoints: Mapping[str, aws.ec2.VpcEndpoint]
    """By service."""

    def __init__(
        self, name: str, args: EndpointNetworkArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:EndpointNetwork", name, None, opts)
        parts = NetworkParts(
            name,
            shown_name=f"{args.names.prefix}-{name}",
            cidr_block=args.cidr_block,
            parent=self,
        )
        self.subnet_blocks = halves(args.cidr_block)
        subnets = parts.subnets("private", self.subnet_blocks, parts.zones())
        self.subnet_ids = [subnet.id for subnet in subnets]
        table = parts.route_table("private")
        for number, subnet in enumerate(subnets, start=1):
            parts.associate(f"private-{number}", subnet, table)
        endpoints_acl(parts, subnets, args.client_blocks)
        group = endpoints_group(parts, args.names)
        for number, block in enumerate(args.client_blocks, start=1):
            https_from(f"{name}-from-hub-{number}", group.id, parent=self, cidr_ipv4=block)
        place = EndpointPlace(
            vpc_id=parts.vpc.id,
            subnet_ids=self.subnet_ids,
            group_id=group.id,
            account_ids=args.account_ids,
        )
        self.endpoints = {
            service: interface_endpoint(
                f"{name}-{purpose}-endpoint",
                service,
                args.region,
                place,
                tags=parts.tags(purpose),
                parent=self,
                private_dns=False,
            )
            for service in args.services
            for purpose in [service.replace(".", "-")]
        }
        self.vpc_id = parts.vpc.id
        self.route_table_id = table.id
        self.register_outputs({"vpc_id": self.vpc_id})
