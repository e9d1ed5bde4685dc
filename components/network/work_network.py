"""The network that a pipeline's work is given: one of its own, or what the topology names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.network.existing_network import found_network
from components.network.interface_policies import InterfacePlace
from components.network.private_work_network import PrivateWorkNetwork, PrivateWorkNetworkArgs
from components.pipeline.site import PipelineSite
from components.topology.model import PipelineNetwork
from components.topology.problems import KeyPath


@dataclass(frozen=True, kw_only=True)
class WorkNetwork:
    """Subnets, each with its zone, and security groups; work waits for all of `ready`."""

    subnet_ids: Sequence[pulumi.Output[str]]
    zones: Sequence[pulumi.Output[str]]
    group_ids: pulumi.Output[Sequence[str]]
    place: pulumi.Output[InterfacePlace]
    """The same for policies."""
    ready: Sequence[pulumi.Resource] = ()


def place_of(network: WorkNetwork | None) -> pulumi.Output[InterfacePlace] | None:
    """The place of a network, if there is one."""
    return network.place if network else None


def work_network(
    site: PipelineSite,
    path: KeyPath,
    network: PipelineNetwork | None,
    services: Sequence[str],
    parent: pulumi.Resource,
) -> WorkNetwork | None:
    """What `network`, which is at `path` in the topology, says; None where it says nothing.

    `services` are what the work calls besides Amazon S3.
    """
    if network is None:
        return None
    if network.is_existing:
        return _existing(site, path, network, parent)
    made = PrivateWorkNetwork(
        f"{site.name}-network",
        PrivateWorkNetworkArgs(site=site, cidr_block=network.cidr_block, services=services),
        pulumi.ResourceOptions(parent=parent),
    )
    return WorkNetwork(
        subnet_ids=[subnet.id for subnet in made.subnets],
        zones=[subnet.availability_zone for subnet in made.subnets],
        group_ids=made.group.id.apply(lambda group_id: [group_id]),
        place=_place(
            site,
            pulumi.Output.all(*(subnet.arn for subnet in made.subnets)),
            made.group.arn.apply(lambda arn: [arn]),
        ),
        ready=made.ready,
    )


def _existing(
    site: PipelineSite, path: KeyPath, network: PipelineNetwork, parent: pulumi.Resource
) -> WorkNetwork:
    found = found_network(network, path, "the pipeline's account and Region", parent)
    numbers = range(len(network.subnet_ids))
    return WorkNetwork(
        subnet_ids=[found.subnet_ids[number] for number in numbers],
        zones=[found.zones[number] for number in numbers],
        group_ids=found.group_ids,
        place=_place(
            site,
            found.subnet_arns,
            found.group_ids.apply(
                lambda ids: [site.arn("ec2", f"security-group/{group_id}") for group_id in ids]
            ),
        ),
    )


def _place(
    site: PipelineSite,
    subnet_arns: pulumi.Output[Sequence[str]],
    group_arns: pulumi.Output[Sequence[str]],
) -> pulumi.Output[InterfacePlace]:
    return pulumi.Output.all(subnet_arns, group_arns).apply(
        lambda arns: InterfacePlace(
            region=site.region,
            account_id=site.account_id,
            subnet_arns=arns[0],
            group_arns=arns[1],
        )
    )
