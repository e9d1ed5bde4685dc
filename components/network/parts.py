"""The parts that every network of a stack has: VPC, empty default group, subnets, route tables."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.network.environment_network import ZONES_WITHOUT_FARGATE

SECURITY_GROUP_NAME_LIMIT = 255


class NetworkParts:
    """Makes a VPC and what is in it, as children of a component.

    `name` begins the resources' names, `shown_name` their `Name` tags.
    """

    name: str
    parent: pulumi.Resource
    vpc: aws.ec2.Vpc
    """The network itself."""

    def __init__(
        self, name: str, *, shown_name: str, cidr_block: str, parent: pulumi.Resource
    ) -> None:
        self.name = name
        self._shown_name = shown_name
        self.parent = parent
        self.vpc = aws.ec2.Vpc(
            f"{name}-vpc",
            cidr_block=cidr_block,
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags=self.tags("vpc"),
            opts=self.child(),
        )
        # Without every rule of the group that AWS puts on resources without one.
        aws.ec2.DefaultSecurityGroup(
            f"{name}-default-security-group",
            vpc_id=self.vpc.id,
            tags=self.tags("default-unused"),
            opts=self.child(),
        )

    def child(self, *after: pulumi.Resource, delete_first: bool = False) -> pulumi.ResourceOptions:
        """The options of a child of the component."""
        return pulumi.ResourceOptions(
            parent=self.parent, depends_on=list(after), delete_before_replace=delete_first or None
        )

    def tags(self, purpose: str) -> dict[str, str]:
        """The `Name` tag, which the console shows for a resource without a name."""
        return {"Name": f"{self._shown_name}-{purpose}"}

    def zones(self) -> pulumi.Output[Sequence[str]]:
        """The zones of the Region that every account has, without Local Zones."""
        return aws.get_availability_zones_output(
            state="available",
            exclude_zone_ids=ZONES_WITHOUT_FARGATE,
            filters=[
                aws.GetAvailabilityZonesFilterArgs(
                    name="opt-in-status", values=["opt-in-not-required"]
                )
            ],
            opts=pulumi.InvokeOutputOptions(parent=self.parent),
        ).names

    def subnets(
        self, kind: str, blocks: Sequence[str], zones: pulumi.Output[Sequence[str]]
    ) -> list[aws.ec2.Subnet]:
        """One for each block, each in the next zone."""
        return [
            aws.ec2.Subnet(
                f"{self.name}-{kind}-{number}",
                vpc_id=self.vpc.id,
                cidr_block=block,
                availability_zone=zones[number - 1],
                map_public_ip_on_launch=False,
                tags=self.tags(f"{kind}-{number}"),
                opts=pulumi.ResourceOptions(
                    parent=self.parent,
                    # A zone that AWS adds would shift the list, and new subnets would replace the
                    # environment.
                    ignore_changes=["availabilityZone"],
                    delete_before_replace=True,
                ),
            )
            for number, block in enumerate(blocks, start=1)
        ]

    def route_table(self, purpose: str) -> aws.ec2.RouteTable:
        """A route table without a route but the one within the network."""
        return aws.ec2.RouteTable(
            f"{self.name}-{purpose}-table",
            vpc_id=self.vpc.id,
            tags=self.tags(purpose),
            opts=self.child(),
        )

    def associate(
        self, purpose: str, subnet: aws.ec2.Subnet, table: aws.ec2.RouteTable
    ) -> pulumi.Resource:
        """Have the subnet use the table."""
        return aws.ec2.RouteTableAssociation(
            f"{self.name}-{purpose}-association",
            subnet_id=subnet.id,
            route_table_id=table.id,
            opts=self.child(delete_first=True),
        )
