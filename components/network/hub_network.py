"""The network that Amazon MWAA runs in, where none is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aws.naming import HUB_OWNER, Names
from components.network.cidr import plan_subnets
from components.network.environment_network import ZONES_WITHOUT_FARGATE
from components.network.flow_logs import FlowLogs, FlowLogsArgs

ZONES = 2
"""Availability Zones of an Amazon MWAA environment, no more and no fewer."""

ANYWHERE = "0.0.0.0/0"
SECURITY_GROUP_NAME_LIMIT = 255


@dataclass(frozen=True, kw_only=True)
class HubNetworkArgs:
    """`cidr_block` is all of the network's; `key_arn` encrypts its flow logs."""

    names: Names
    account_id: str
    region: str
    cidr_block: str
    key_arn: pulumi.Input[str]
    log_retention_days: int
    permissions_boundary_arn: str


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
    """Two private subnets, each with its own way out, and no way in.

    Each zone has its own NAT gateway, so that losing a zone never cuts off the other one. Tasks
    reach the pipelines' Regions through them: endpoints in the hub's Region alone wouldn't do.
    """

    vpc_id: pulumi.Output[str]
    """The network's id."""

    private_subnet_ids: list[pulumi.Output[str]]
    """The two subnets for the environment, in two Availability Zones."""

    security_group_id: pulumi.Output[str]
    """The environment's security group."""

    ready: list[pulumi.Resource]
    """What the environment waits for: without its routes and rules it fails after half an hour."""

    def __init__(
        self, name: str, args: HubNetworkArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:HubNetwork", name, None, opts)
        self._name = name
        self._args = args
        self._vpc = aws.ec2.Vpc(
            f"{name}-vpc",
            cidr_block=args.cidr_block,
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags=self._tags("vpc"),
            opts=self._child(),
        )
        self._empty_default_security_group()
        plan = plan_subnets(args.cidr_block)
        public = self._subnets("public", plan.public)
        private = self._subnets("private", plan.private)
        routes = self._routes(public, private)
        FlowLogs(
            f"{name}-flow-logs",
            FlowLogsArgs(
                names=args.names,
                account_id=args.account_id,
                region=args.region,
                vpc_id=self._vpc.id,
                key_arn=args.key_arn,
                log_retention_days=args.log_retention_days,
                permissions_boundary_arn=args.permissions_boundary_arn,
            ),
            self._child(),
        )
        group, rules = self._security_group()
        self.vpc_id = self._vpc.id
        self.private_subnet_ids = [subnet.id for subnet in private]
        self.security_group_id = group.id
        self.ready = [*routes, *rules]
        self.register_outputs(
            {
                "private_subnet_ids": self.private_subnet_ids,
                "security_group_id": self.security_group_id,
            }
        )

    def _child(self, *after: pulumi.Resource, delete_first: bool = False) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(
            parent=self, depends_on=list(after), delete_before_replace=delete_first or None
        )

    def _tags(self, purpose: str) -> dict[str, str]:
        """The `Name` tag, which the console shows for a resource without a name."""
        return {"Name": f"{self._args.names.prefix}-{HUB_OWNER}-{purpose}"}

    def _empty_default_security_group(self) -> None:
        """Remove every rule of the group that AWS puts on resources without one."""
        aws.ec2.DefaultSecurityGroup(
            f"{self._name}-default-security-group",
            vpc_id=self._vpc.id,
            tags=self._tags("default-unused"),
            opts=self._child(),
        )

    def _zones(self) -> pulumi.Output[Sequence[str]]:
        """The zones of the Region that every account has, without Local Zones."""
        return aws.get_availability_zones_output(
            state="available",
            exclude_zone_ids=ZONES_WITHOUT_FARGATE,
            filters=[
                aws.GetAvailabilityZonesFilterArgs(
                    name="opt-in-status", values=["opt-in-not-required"]
                )
            ],
            opts=pulumi.InvokeOutputOptions(parent=self),
        ).names.apply(lambda names: enough_zones(names, self._args.region))

    def _subnets(self, kind: str, blocks: Sequence[str]) -> list[aws.ec2.Subnet]:
        zones = self._zones()
        return [
            aws.ec2.Subnet(
                f"{self._name}-{kind}-{number}",
                vpc_id=self._vpc.id,
                cidr_block=block,
                availability_zone=zones[number - 1],
                map_public_ip_on_launch=False,
                tags=self._tags(f"{kind}-{number}"),
                opts=pulumi.ResourceOptions(
                    parent=self,
                    # A zone that AWS adds would shift the list, and new subnets would replace the
                    # environment.
                    ignore_changes=["availabilityZone"],
                    delete_before_replace=True,
                ),
            )
            for number, block in enumerate(blocks, start=1)
        ]

    def _routes(
        self, public: Sequence[aws.ec2.Subnet], private: Sequence[aws.ec2.Subnet]
    ) -> list[pulumi.Resource]:
        """All routes; the list is what has to be there before a subnet reaches anything."""
        gateway = aws.ec2.InternetGateway(
            f"{self._name}-internet-gateway",
            vpc_id=self._vpc.id,
            tags=self._tags("internet-gateway"),
            opts=self._child(),
        )
        public_table = self._route_table("public")
        ready: list[pulumi.Resource] = [
            aws.ec2.Route(
                f"{self._name}-public-route",
                route_table_id=public_table.id,
                destination_cidr_block=ANYWHERE,
                gateway_id=gateway.id,
                opts=self._child(),
            )
        ]
        private_tables = []
        for number, (outer, inner) in enumerate(zip(public, private, strict=True), start=1):
            ready.append(self._associate(f"public-{number}", outer, public_table))
            nat = self._nat_gateway(number, outer, gateway)
            table = self._route_table(f"private-{number}")
            private_tables.append(table)
            ready.append(self._nat_route(number, table, nat))
            ready.append(self._associate(f"private-{number}", inner, table))
        return [*ready, self._s3_endpoint(private_tables)]

    def _route_table(self, purpose: str) -> aws.ec2.RouteTable:
        return aws.ec2.RouteTable(
            f"{self._name}-{purpose}-table",
            vpc_id=self._vpc.id,
            tags=self._tags(purpose),
            opts=self._child(),
        )

    def _associate(
        self, purpose: str, subnet: aws.ec2.Subnet, table: aws.ec2.RouteTable
    ) -> pulumi.Resource:
        return aws.ec2.RouteTableAssociation(
            f"{self._name}-{purpose}-association",
            subnet_id=subnet.id,
            route_table_id=table.id,
            opts=self._child(delete_first=True),
        )

    def _nat_gateway(
        self, number: int, subnet: aws.ec2.Subnet, gateway: aws.ec2.InternetGateway
    ) -> aws.ec2.NatGateway:
        address = aws.ec2.Eip(
            f"{self._name}-nat-{number}-address",
            domain="vpc",
            tags=self._tags(f"nat-{number}"),
            opts=self._child(gateway),
        )
        return aws.ec2.NatGateway(
            f"{self._name}-nat-{number}",
            allocation_id=address.allocation_id,
            subnet_id=subnet.id,
            tags=self._tags(f"nat-{number}"),
            # AWS: a public NAT gateway needs the network's internet gateway, which no input names.
            opts=self._child(gateway, delete_first=True),
        )

    def _nat_route(
        self, number: int, table: aws.ec2.RouteTable, nat: aws.ec2.NatGateway
    ) -> pulumi.Resource:
        return aws.ec2.Route(
            f"{self._name}-private-{number}-route",
            route_table_id=table.id,
            destination_cidr_block=ANYWHERE,
            nat_gateway_id=nat.id,
            opts=self._child(),
        )

    def _s3_endpoint(self, tables: Sequence[aws.ec2.RouteTable]) -> pulumi.Resource:
        """A free route to the Region's S3, past the NAT gateways and their price."""
        return aws.ec2.VpcEndpoint(
            f"{self._name}-s3-endpoint",
            vpc_id=self._vpc.id,
            service_name=f"com.amazonaws.{self._args.region}.s3",
            vpc_endpoint_type="Gateway",
            route_table_ids=[table.id for table in tables],
            tags=self._tags("s3"),
            opts=self._child(),
        )

    def _security_group(self) -> tuple[aws.ec2.SecurityGroup, list[pulumi.Resource]]:
        """The environment's group: its own members may come in, and all may go out."""
        group = aws.ec2.SecurityGroup(
            f"{self._name}-security-group",
            name=self._args.names.of(HUB_OWNER, "airflow", limit=SECURITY_GROUP_NAME_LIMIT),
            description="Amazon MWAA: from its own members alone",
            vpc_id=self._vpc.id,
            tags=self._tags("airflow"),
            opts=self._child(delete_first=True),
        )
        from_itself = aws.vpc.SecurityGroupIngressRule(
            f"{self._name}-from-itself",
            security_group_id=group.id,
            referenced_security_group_id=group.id,
            ip_protocol="-1",
            description="The components of Amazon MWAA among themselves",
            opts=self._child(),
        )
        to_anywhere = aws.vpc.SecurityGroupEgressRule(
            f"{self._name}-to-anywhere",
            security_group_id=group.id,
            cidr_ipv4=ANYWHERE,
            ip_protocol="-1",
            description="AWS in the Regions of the pipelines",
            opts=self._child(),
        )
        return group, [from_itself, to_anywhere]
