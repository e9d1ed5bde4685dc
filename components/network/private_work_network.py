"""A network of a pipeline's own, without a way to the Internet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.network.cidr import halves
from components.network.endpoint_group import endpoints_group, https_from, https_to
from components.network.endpoint_policy import accounts_policy
from components.network.interface_endpoint import EndpointPlace, interface_endpoint
from components.network.parts import SECURITY_GROUP_NAME_LIMIT, NetworkParts
from components.pipeline.site import PipelineSite

_ALL_PORTS = (0, 65535)


@dataclass(frozen=True, kw_only=True)
class PrivateWorkNetworkArgs:
    """`services` get an interface endpoint each; Amazon S3 has a gateway endpoint."""

    site: PipelineSite
    cidr_block: str
    services: Sequence[str]


class PrivateWorkNetwork(pulumi.ComponentResource):
    """Two subnets in two zones, with endpoints of AWS and no other route.

    Through the endpoints go the calls of the pipeline's own account alone: with other credentials,
    such as those that a script brings along, nothing leaves the network.
    """

    subnets: Sequence[aws.ec2.Subnet]
    """The two subnets."""

    group: aws.ec2.SecurityGroup
    """The security group of the work in them."""

    ready: Sequence[pulumi.Resource]
    """What work waits for: its routes, endpoints and rules."""

    def __init__(
        self, name: str, args: PrivateWorkNetworkArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:PrivateWorkNetwork", name, None, opts)
        self._args = args
        self._parts = NetworkParts(
            name,
            shown_name=f"{args.site.settings.names.prefix}-{args.site.name}",
            cidr_block=args.cidr_block,
            parent=self,
        )
        parts = self._parts
        self.subnets = parts.subnets("private", halves(args.cidr_block), parts.zones())
        table = parts.route_table("private")
        associations = [
            parts.associate(f"private-{number}", subnet, table)
            for number, subnet in enumerate(self.subnets, start=1)
        ]
        self.group = self._work_group()
        s3 = self._s3_endpoint(table)
        self.ready = [*associations, s3, *self._rules(s3), *self._endpoints()]
        self.register_outputs({"vpc_id": parts.vpc.id})

    def _work_group(self) -> aws.ec2.SecurityGroup:
        site, parts = self._args.site, self._parts
        return aws.ec2.SecurityGroup(
            f"{parts.name}-security-group",
            name=site.name_of("work", limit=SECURITY_GROUP_NAME_LIMIT),
            description="Jobs and functions: from their own members alone",
            vpc_id=parts.vpc.id,
            tags=parts.tags("work"),
            opts=parts.child(delete_first=True),
        )

    def _s3_endpoint(self, table: aws.ec2.RouteTable) -> aws.ec2.VpcEndpoint:
        site, parts = self._args.site, self._parts
        return aws.ec2.VpcEndpoint(
            f"{parts.name}-s3-endpoint",
            vpc_id=parts.vpc.id,
            service_name=f"com.amazonaws.{site.region}.s3",
            vpc_endpoint_type="Gateway",
            route_table_ids=[table.id],
            policy=accounts_policy([site.account_id]),
            tags=parts.tags("s3"),
            opts=parts.child(),
        )

    def _rules(self, s3: aws.ec2.VpcEndpoint) -> list[pulumi.Resource]:
        """Glue refuses a group whose members can't reach each other by all of TCP's ports."""
        first, last = _ALL_PORTS
        among_members: dict[str, Any] = {
            "security_group_id": self.group.id,
            "referenced_security_group_id": self.group.id,
            "ip_protocol": "tcp",
            "from_port": first,
            "to_port": last,
            "description": "The workers of a job among themselves",
        }
        name = self._parts.name
        return [
            aws.vpc.SecurityGroupIngressRule(
                f"{name}-from-itself", **among_members, opts=self._parts.child()
            ),
            aws.vpc.SecurityGroupEgressRule(
                f"{name}-to-itself", **among_members, opts=self._parts.child()
            ),
            https_to(
                f"{name}-to-s3",
                self.group.id,
                "Amazon S3 of this Region",
                parent=self,
                prefix_list_id=s3.prefix_list_id,
            ),
        ]

    def _endpoints(self) -> list[pulumi.Resource]:
        site, parts = self._args.site, self._parts
        if not self._args.services:
            return []
        group = endpoints_group(
            parts, site.settings.names, owner=site.name, clients="jobs and functions"
        )
        place = EndpointPlace(
            vpc_id=parts.vpc.id,
            subnet_ids=[subnet.id for subnet in self.subnets],
            group_id=group.id,
            account_ids=[site.account_id],
        )
        endpoints = [
            interface_endpoint(
                f"{parts.name}-{service}-endpoint",
                service,
                site.region,
                place,
                tags=parts.tags(service),
                parent=self,
            )
            for service in self._args.services
        ]
        return [
            *endpoints,
            https_from(
                f"{parts.name}-endpoints-from-work",
                group.id,
                "Jobs and functions",
                parent=self,
                referenced_security_group_id=self.group.id,
            ),
            https_to(
                f"{parts.name}-to-endpoints",
                self.group.id,
                "AWS through the endpoints of this network",
                parent=self,
                referenced_security_group_id=group.id,
            ),
        ]
