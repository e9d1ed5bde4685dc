"""Amazon EC2: security groups."""

from __future__ import annotations

from typing import Any

from local.deployment.errors import DeploymentError
from local.deployment.limits import NameLimit
from local.deployment.removal_calls import no_call
from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType
from local.deployment.services.ec2.interfaces import remove_interfaces
from local.deployment.services.ec2.tags import (
    TAG_ACTIONS,
    ec2_arn,
    generated_id,
    tag_specifications,
)
from local.deployment.translation import Rule


def create_security_group(resource: Resource) -> Created:
    """A group without any rule: the provider removes the one that EC2 adds, out to anywhere."""
    ec2 = resource.client
    name = resource.physical_name()
    group_id = ec2.create_security_group(
        **resource.call, **tag_specifications(resource, "security-group")
    )["GroupId"]
    owner = _revoke_all(ec2, group_id)["OwnerId"]
    return Created(
        group_id,
        {
            "arn": ec2_arn(resource, owner, f"security-group/{group_id}"),
            "name": name,
            "ownerId": owner,
        },
    )


def delete_security_group(resource: Resource, id_: str) -> None:
    """The group, without the interfaces that Lambda left in it."""
    remove_interfaces(resource.client, "group-id", id_)
    resource.client.delete_security_group(GroupId=id_)


def _revoke_all(ec2: Any, group_id: str) -> dict[str, Any]:
    group: dict[str, Any] = ec2.describe_security_groups(GroupIds=[group_id])["SecurityGroups"][0]
    if ingress := group["IpPermissions"]:
        ec2.revoke_security_group_ingress(GroupId=group_id, IpPermissions=ingress)
    if egress := group["IpPermissionsEgress"]:
        ec2.revoke_security_group_egress(GroupId=group_id, IpPermissions=egress)
    return group


_REVOKING = (
    "ec2:DescribeSecurityGroups",
    "ec2:RevokeSecurityGroupEgress",
    "ec2:RevokeSecurityGroupIngress",
)

SECURITY_GROUP = ResourceType(
    token="aws:ec2/securityGroup:SecurityGroup",
    service="ec2",
    properties={"description": "Description", "name": "GroupName", "vpcId": "VpcId"},
    create=create_security_group,
    remove=delete_security_group,
    mock_outputs=generated_id("sg", "security-group"),
    takes_tags=True,
    name_limit=NameLimit(
        key="name",
        most=255,
        pattern=r"(?!sg-)[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]+",
        unique_in=None,
        source="EC2 API reference, CreateSecurityGroup: GroupName (one per VPC)",
    ),
    deploy_actions=(
        "ec2:CreateSecurityGroup",
        "ec2:DeleteNetworkInterface",
        "ec2:DeleteSecurityGroup",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DetachNetworkInterface",
        *_REVOKING,
        *TAG_ACTIONS,
    ),
)


def adopt_default_security_group(resource: Resource) -> Created:
    """A network's default group, with every rule removed."""
    ec2 = resource.client
    vpc_id = resource.inputs["vpcId"]
    groups = ec2.describe_security_groups(
        Filters=[
            {"Name": "vpc-id", "Values": [vpc_id]},
            {"Name": "group-name", "Values": ["default"]},
        ]
    )["SecurityGroups"]
    if not groups:
        raise DeploymentError(f"the network {vpc_id} has no default security group")
    group_id = groups[0]["GroupId"]
    if resource.tags:
        ec2.create_tags(Resources=[group_id], Tags=resource.tag_list())
    group = _revoke_all(ec2, group_id)
    return Created(
        group_id,
        {
            "arn": ec2_arn(resource, group["OwnerId"], f"security-group/{group_id}"),
            "name": group["GroupName"],
            "ownerId": group["OwnerId"],
        },
    )


DEFAULT_SECURITY_GROUP = ResourceType(
    token="aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    service="ec2",
    properties={"vpcId": Rule.HANDLED},
    create=adopt_default_security_group,
    remove=no_call,
    mock_outputs=generated_id("sg", "security-group"),
    takes_tags=True,
    deploy_actions=(*_REVOKING, *TAG_ACTIONS),
)
