"""A network that is there already: a preview checks with AWS what the topology says of it.

Amazon MWAA takes half an hour to find out that a subnet is elsewhere, and the error that it then
gives doesn't always say so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pulumi
import pulumi_aws as aws

from components.network.environment_network import ZONES_WITHOUT_FARGATE, EnvironmentNetwork
from components.topology.codes import Code
from components.topology.model import Network
from components.topology.problems import Problem, refused

_PATH = ("hub", "network")


def existing_network(network: Network, parent: pulumi.Resource) -> EnvironmentNetwork:
    """The part of `network` that the environment runs in, looked for where `parent` is deployed.

    Ends the program with a RunError, before the environment is registered, where AWS doesn't know
    a subnet or security group in this VPC, or where both subnets are in one Availability Zone,
    or one is in a zone that Amazon MWAA can't use.
    """
    opts = pulumi.InvokeOutputOptions(parent=parent)
    vpc_ids = [network.vpc_id] if network.vpc_id else []
    subnet_ids, group_ids = list(network.subnet_ids), list(network.security_group_ids)
    subnets = aws.ec2.get_subnets_output(
        filters=[
            aws.ec2.GetSubnetsFilterArgs(name="vpc-id", values=vpc_ids),
            aws.ec2.GetSubnetsFilterArgs(name="subnet-id", values=subnet_ids),
        ],
        opts=opts,
    )
    groups = aws.ec2.get_security_groups_output(
        filters=[
            aws.ec2.GetSecurityGroupsFilterArgs(name="vpc-id", values=vpc_ids),
            aws.ec2.GetSecurityGroupsFilterArgs(name="group-id", values=group_ids),
        ],
        opts=opts,
    )
    # One after the other: AWS has no zone for a subnet that it doesn't know.
    known = pulumi.Output.all(subnets.ids, groups.ids).apply(
        lambda found: _refuse(_unknown_parts(network, *found))
    )
    known_ids = known.apply(lambda _: subnet_ids)
    subnet = [
        aws.ec2.get_subnet_output(id=known_ids[number], opts=opts)
        for number in range(len(subnet_ids))
    ]
    zones = pulumi.Output.all(*(each.availability_zone for each in subnet))
    zone_ids = pulumi.Output.all(*(each.availability_zone_id for each in subnet))
    apart = pulumi.Output.all(zones, zone_ids).apply(
        lambda found: _refuse(_unfit_zones(network, *found))
    )
    return EnvironmentNetwork(
        subnet_ids=apart.apply(lambda _: subnet_ids),
        security_group_ids=known.apply(lambda _: group_ids),
    )


def _unknown_parts(
    network: Network, subnets: Sequence[str], groups: Sequence[str]
) -> Iterator[Problem]:
    for key, what, given, found in (
        ("subnet_ids", "private subnet", network.subnet_ids, subnets),
        ("security_group_ids", "security group", network.security_group_ids, groups),
    ):
        for id_ in given:
            if id_ not in found:
                yield from refused(
                    (*_PATH, key),
                    Code.NOT_IN_VPC,
                    id_,
                    f"is not in {network.vpc_id}",
                    expected=f"a {what} of this VPC, in the hub's account and Region",
                    advice="Correct it, or vpc_id",
                )


def _unfit_zones(
    network: Network, zones: Sequence[str], zone_ids: Sequence[str]
) -> Iterator[Problem]:
    for id_, zone_id in zip(network.subnet_ids, zone_ids, strict=True):
        if zone_id in ZONES_WITHOUT_FARGATE:
            yield from refused(
                (*_PATH, "subnet_ids"),
                Code.ZONE_WITHOUT_FARGATE,
                id_,
                f"is in {zone_id}, where Amazon MWAA can't run its containers",
                expected="a private subnet in another Availability Zone",
            )
    if len(set(zones)) < len(zones):
        yield from refused(
            (*_PATH, "subnet_ids"),
            Code.SAME_ZONE,
            network.subnet_ids,
            f"are all in {zones[0]}",
            expected="subnets in two different Availability Zones",
            advice="Replace one with a private subnet in another zone",
        )


def _refuse(problems: Iterator[Problem]) -> None:
    found = [str(problem) for problem in problems]
    if found:
        raise pulumi.RunError("\n".join(("The network in AWS differs from the topology.", *found)))
