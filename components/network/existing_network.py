"""A network that is there already: a preview checks with AWS what the topology says of it.

What AWS finds out itself comes late, and the error that it then gives doesn't always say so:
Amazon MWAA takes half an hour, and AWS Glue waits for the first run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.network.environment_network import ZONES_WITHOUT_FARGATE, EnvironmentNetwork
from components.topology.codes import Code
from components.topology.model import Network, PipelineNetwork
from components.topology.problems import KeyPath, Problem, refused

_HUB_PATH = ("hub", "network")


@dataclass(frozen=True, kw_only=True)
class FoundNetwork:
    """What the topology names, once AWS knows it; the lists are in the topology's order."""

    subnet_ids: pulumi.Output[Sequence[str]]
    group_ids: pulumi.Output[Sequence[str]]
    zones: pulumi.Output[Sequence[str]]
    """The Availability Zone of each subnet, no two of which are the same."""
    zone_ids: pulumi.Output[Sequence[str]]
    subnet_arns: pulumi.Output[Sequence[str]]
    """The subnets may belong to another account, which shares them."""


def existing_network(network: Network, parent: pulumi.Resource) -> EnvironmentNetwork:
    """The part of `network` that the environment runs in, looked for where `parent` is deployed.

    Ends the program with a RunError, before the environment is registered, where AWS doesn't know
    a subnet or security group in this VPC, or where both subnets are in one Availability Zone,
    or one is in a zone that Amazon MWAA can't use.
    """
    found = found_network(network, _HUB_PATH, "the hub's account and Region", parent)
    fit = found.zone_ids.apply(lambda zone_ids: _refuse(_unfit_zones(network, zone_ids)))
    return EnvironmentNetwork(
        subnet_ids=pulumi.Output.all(found.subnet_ids, fit).apply(lambda ids: ids[0]),
        security_group_ids=found.group_ids,
    )


def found_network(
    network: Network | PipelineNetwork, path: KeyPath, where: str, parent: pulumi.Resource
) -> FoundNetwork:
    """The parts that `network`, which is at `path`, names, looked for where `parent` is deployed.

    Ends the program with a RunError where AWS doesn't know a subnet or security group in this VPC,
    or where two subnets are in one Availability Zone. `where` is the account in words.
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
        lambda found: _refuse(_unknown_parts(network, path, where, *found))
    )
    known_ids = known.apply(lambda _: subnet_ids)
    subnet = [
        aws.ec2.get_subnet_output(id=known_ids[number], opts=opts)
        for number in range(len(subnet_ids))
    ]
    zones = pulumi.Output.all(*(each.availability_zone for each in subnet))
    apart = zones.apply(lambda found: _refuse(_same_zone(network, path, found)))
    return FoundNetwork(
        subnet_ids=apart.apply(lambda _: subnet_ids),
        group_ids=known.apply(lambda _: group_ids),
        zones=pulumi.Output.all(zones, apart).apply(lambda found: found[0]),
        zone_ids=pulumi.Output.all(*(each.availability_zone_id for each in subnet)),
        subnet_arns=pulumi.Output.all(*(each.arn for each in subnet)),
    )


def _unknown_parts(
    network: Network | PipelineNetwork,
    path: KeyPath,
    where: str,
    subnets: Sequence[str],
    groups: Sequence[str],
) -> Iterator[Problem]:
    for key, what, given, found in (
        ("subnet_ids", "private subnet", network.subnet_ids, subnets),
        ("security_group_ids", "security group", network.security_group_ids, groups),
    ):
        for id_ in given:
            if id_ not in found:
                yield from refused(
                    (*path, key),
                    Code.NOT_IN_VPC,
                    id_,
                    f"is not in {network.vpc_id}",
                    expected=f"a {what} of this VPC, in {where}",
                    advice="Correct it, or vpc_id",
                )


def _same_zone(
    network: Network | PipelineNetwork, path: KeyPath, zones: Sequence[str]
) -> Iterator[Problem]:
    twice = sorted({zone for zone in zones if zones.count(zone) > 1})
    if twice:
        yield from refused(
            (*path, "subnet_ids"),
            Code.SAME_ZONE,
            [id_ for id_, zone in zip(network.subnet_ids, zones, strict=True) if zone in twice],
            f"are all in {twice[0]}" if len(twice) == 1 else f"are in {' and '.join(twice)} alone",
            expected="subnets in different Availability Zones",
            advice="Replace one with a private subnet in another zone",
        )


def _unfit_zones(network: Network, zone_ids: Sequence[str]) -> Iterator[Problem]:
    for id_, zone_id in zip(network.subnet_ids, zone_ids, strict=True):
        if zone_id in ZONES_WITHOUT_FARGATE:
            yield from refused(
                (*_HUB_PATH, "subnet_ids"),
                Code.ZONE_WITHOUT_FARGATE,
                id_,
                f"is in {zone_id}, where Amazon MWAA can't run its containers",
                expected="a private subnet in another Availability Zone",
            )


def _refuse(problems: Iterator[Problem]) -> None:
    found = [str(problem) for problem in problems]
    if found:
        raise pulumi.RunError("\n".join(("The network in AWS differs from the topology.", *found)))
