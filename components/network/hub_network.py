"""The network that Amazon MWAA runs in, where none is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aws.naming import HUB_OWNER, Names
from components.network.cidr import plan_subnets
from components.network.endpoint_policy import endpoint_policy
from components.network.environment_network import PrivateNetwork
from components.network.flow_logs import FlowLogs, FlowLogsArgs
from components.network.hub_endpoints import PrivateAccess, hub_endpoints
from components.network.nat_gateways import ANYWHERE, nat_gateways
from components.network.parts import SECURITY_GROUP_NAME_LIMIT, NetworkParts

ZONES = 2
"""Availability Zones of an Amazon MWAA environment, no more and no fewer."""


@dataclass(frozen=True, kw_only=True)
class HubNetworkArgs:
    """`cidr_block` is all of the network's; `key_arn` encrypts its flow logs.

    Without `private` the network has NAT gateways.
    """

    names: Names
    account_id: str
    region: str
    cidr_block: str
    key_arn: pulumi.Input[str]
    log_retention_days: int
    permissions_boundary_arn: str
    private: PrivateAccess | None = None


def enough_zones(names: Sequence[str], region: str) -> Sequence[str]:
    """`names` of a Region's zones; raises RunError where Amazon MWAA couldn't have its two."""
    if len(names) < ZONES:
        found = ", ".join(names) or "none"
        raise pulumi.RunError(
            f"hub.region: {region} has too few Availability Zones that this account can use "
            f"({found}): Amazon MWAA needs {ZONES}; choose another Region, or name the subnets of "
            "an existing network in hub.network"
        )
    return names


class HubNetwork(pulumi.ComponentResource):
    """Two private subnets, and no way in.

    The way out leads through NAT gateways, since endpoints in the hub's Region alone don't reach
    the pipelines' Regions; or there is none, and the network has endpoints.
    """

    vpc_id: pulumi.Output[str]
    """The network's id."""

    private_subnet_ids: list[pulumi.Output[str]]
    """The two subnets for the environment, in two Availability Zones."""

    security_group_id: pulumi.Output[str]
    """The environment's security group."""

    ready: list[pulumi.Resource]
    """What the environment waits for: without its routes and rules it fails after half an hour."""

    private: PrivateNetwork | None
    """What it consists of where it has no way to the Internet."""

    def __init__(
        self, name: str, args: HubNetworkArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:HubNetwork", name, None, opts)
        self._name = name
        self._args = args
        self._parts = NetworkParts(
            name,
            shown_name=f"{args.names.prefix}-{HUB_OWNER}",
            cidr_block=args.cidr_block,
            parent=self,
        )
        plan = plan_subnets(args.cidr_block)
        zones = self._parts.zones().apply(lambda names: enough_zones(names, args.region))
        subnets = self._parts.subnets("private", plan.private, zones)
        tables = [self._parts.route_table(f"private-{number}") for number in (1, 2)]
        self._s3 = self._s3_endpoint(tables)
        self.ready = [
            *(
                self._parts.associate(f"private-{number}", *pair)
                for number, pair in enumerate(zip(subnets, tables, strict=True), start=1)
            ),
            self._s3,
        ]
        self._flow_logs()
        self._group = self._security_group()
        self.vpc_id = self._parts.vpc.id
        self.private_subnet_ids = [subnet.id for subnet in subnets]
        self.security_group_id = self._group.id
        self.private = None
        if args.private is None:
            public = self._parts.subnets("public", plan.public, zones)
            self.ready += [*nat_gateways(self._parts, public, tables), self._to_anywhere()]
        else:
            self.private = self._private(args.private, subnets, tables)
        self.register_outputs(
            {
                "private_subnet_ids": self.private_subnet_ids,
                "security_group_id": self.security_group_id,
            }
        )

    def _private(
        self,
        access: PrivateAccess,
        subnets: Sequence[aws.ec2.Subnet],
        tables: Sequence[aws.ec2.RouteTable],
    ) -> PrivateNetwork:
        place, ready = hub_endpoints(
            self._parts,
            access,
            names=self._args.names,
            region=self._args.region,
            cidr_block=self._args.cidr_block,
            subnets=subnets,
            environment_group=self._group,
            s3_prefix_list_id=self._s3.prefix_list_id,
        )
        self.ready += ready
        return PrivateNetwork(
            place=place,
            subnet_blocks=plan_subnets(self._args.cidr_block).private,
            route_table_ids=[table.id for table in tables],
            environment_group_id=self._group.id,
        )

    def _flow_logs(self) -> None:
        args = self._args
        FlowLogs(
            f"{self._name}-flow-logs",
            FlowLogsArgs(
                names=args.names,
                account_id=args.account_id,
                region=args.region,
                vpc_id=self._parts.vpc.id,
                key_arn=args.key_arn,
                log_retention_days=args.log_retention_days,
                permissions_boundary_arn=args.permissions_boundary_arn,
            ),
            self._parts.child(),
        )

    def _s3_endpoint(self, tables: Sequence[aws.ec2.RouteTable]) -> aws.ec2.VpcEndpoint:
        """A free route to the Region's S3, past the NAT gateways and their price."""
        region, private = self._args.region, self._args.private
        return aws.ec2.VpcEndpoint(
            f"{self._name}-s3-endpoint",
            vpc_id=self._parts.vpc.id,
            service_name=f"com.amazonaws.{region}.s3",
            vpc_endpoint_type="Gateway",
            route_table_ids=[table.id for table in tables],
            policy=endpoint_policy("s3", region, private.account_ids) if private else None,
            tags=self._parts.tags("s3"),
            opts=self._parts.child(),
        )

    def _security_group(self) -> aws.ec2.SecurityGroup:
        """The environment's group: its own members may come in."""
        group = aws.ec2.SecurityGroup(
            f"{self._name}-security-group",
            name=self._args.names.of(HUB_OWNER, "airflow", limit=SECURITY_GROUP_NAME_LIMIT),
            description="Amazon MWAA: from its own members alone",
            vpc_id=self._parts.vpc.id,
            tags=self._parts.tags("airflow"),
            opts=self._parts.child(delete_first=True),
        )
        from_itself = aws.vpc.SecurityGroupIngressRule(
            f"{self._name}-from-itself",
            security_group_id=group.id,
            referenced_security_group_id=group.id,
            ip_protocol="-1",
            description="The components of Amazon MWAA among themselves",
            opts=self._parts.child(),
        )
        self.ready.append(from_itself)
        return group

    def _to_anywhere(self) -> pulumi.Resource:
        return aws.vpc.SecurityGroupEgressRule(
            f"{self._name}-to-anywhere",
            security_group_id=self._group.id,
            cidr_ipv4=ANYWHERE,
            ip_protocol="-1",
            description="AWS in the Regions of the pipelines",
            opts=self._parts.child(),
        )
