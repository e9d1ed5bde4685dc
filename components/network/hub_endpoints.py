"""The endpoints of the hub's Region, and what a private environment may send where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aws.naming import Names
from components.network.endpoint_group import endpoints_group, https_from, https_to
from components.network.interface_endpoint import EndpointPlace, interface_endpoint
from components.network.network_acl import environment_acl
from components.network.parts import NetworkParts


@dataclass(frozen=True, kw_only=True)
class PrivateAccess:
    """What a network without a way to the Internet reaches: `services` of its own Region.

    `account_ids` are the accounts whose principals may call them.
    """

    services: Sequence[str]
    account_ids: Sequence[str]


def hub_endpoints(
    parts: NetworkParts,
    access: PrivateAccess,
    *,
    names: Names,
    region: str,
    cidr_block: str,
    subnets: Sequence[aws.ec2.Subnet],
    environment_group: aws.ec2.SecurityGroup,
    s3_prefix_list_id: pulumi.Input[str],
) -> tuple[EndpointPlace, list[pulumi.Resource]]:
    """An interface endpoint for each service, and HTTPS from the environment to them and to S3.

    Returns where further endpoints belong, and what the environment waits for.
    """
    parent = parts.parent
    group = endpoints_group(parts, names)
    place = EndpointPlace(
        vpc_id=parts.vpc.id,
        subnet_ids=[subnet.id for subnet in subnets],
        group_id=group.id,
        account_ids=access.account_ids,
    )
    endpoints = [
        interface_endpoint(
            f"{parts.name}-{purpose}-endpoint",
            service,
            region,
            place,
            tags=parts.tags(purpose),
            parent=parent,
        )
        for service in access.services
        for purpose in [service.replace(".", "-")]
    ]
    to_itself = aws.vpc.SecurityGroupEgressRule(
        f"{parts.name}-to-itself",
        security_group_id=environment_group.id,
        referenced_security_group_id=environment_group.id,
        ip_protocol="-1",
        description="The components of Amazon MWAA among themselves",
        opts=parts.child(),
    )
    rules = [
        https_from(
            f"{parts.name}-endpoints-from-environment",
            group.id,
            parent=parent,
            referenced_security_group_id=environment_group.id,
        ),
        https_to(
            f"{parts.name}-to-endpoints",
            environment_group.id,
            "AWS through the endpoints of this network",
            parent=parent,
            referenced_security_group_id=group.id,
        ),
        https_to(
            f"{parts.name}-to-s3",
            environment_group.id,
            "Amazon S3 of this Region",
            parent=parent,
            prefix_list_id=s3_prefix_list_id,
        ),
    ]
    acl = environment_acl(parts, subnets, cidr_block)
    return place, [*endpoints, to_itself, *rules, acl]
