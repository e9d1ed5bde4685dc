"""The security group of a network's endpoints, and rules that open HTTPS."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws

from components.aws.naming import HUB_OWNER, Names
from components.network.interface_endpoint import HTTPS
from components.network.parts import SECURITY_GROUP_NAME_LIMIT, NetworkParts


def endpoints_group(
    parts: NetworkParts, names: Names, *, owner: str = HUB_OWNER, clients: str = "the environment"
) -> aws.ec2.SecurityGroup:
    """A group without any rule, for the endpoints of `owner`, which `clients` call."""
    return aws.ec2.SecurityGroup(
        f"{parts.name}-endpoints-group",
        name=names.of(owner, "endpoints", limit=SECURITY_GROUP_NAME_LIMIT),
        description=f"Endpoints of AWS: HTTPS from {clients} alone",
        vpc_id=parts.vpc.id,
        tags=parts.tags("endpoints"),
        opts=parts.child(delete_first=True),
    )


def https_from(
    name: str,
    group_id: pulumi.Input[str],
    description: str = "The environment",
    *,
    parent: pulumi.Resource,
    **peer: Any,
) -> pulumi.Resource:
    """Let HTTPS in from `peer`: a `referenced_security_group_id` or a `cidr_ipv4`."""
    return aws.vpc.SecurityGroupIngressRule(
        name,
        security_group_id=group_id,
        ip_protocol="tcp",
        from_port=HTTPS,
        to_port=HTTPS,
        description=description,
        opts=pulumi.ResourceOptions(parent=parent),
        **peer,
    )


def https_to(
    name: str,
    group_id: pulumi.Input[str],
    description: str,
    *,
    parent: pulumi.Resource,
    **peer: Any,
) -> pulumi.Resource:
    """Let HTTPS out to `peer`: one of those, or a `prefix_list_id`."""
    return aws.vpc.SecurityGroupEgressRule(
        name,
        security_group_id=group_id,
        ip_protocol="tcp",
        from_port=HTTPS,
        to_port=HTTPS,
        description=description,
        opts=pulumi.ResourceOptions(parent=parent),
        **peer,
    )
