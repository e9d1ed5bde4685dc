"""Amazon EC2: security groups and their rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.deployment.errors import DeploymentError
from local.deployment.handlers.ec2_tags import ec2_arn, tag_specifications
from local.deployment.resource import Created, Resource, creates
from local.deployment.translation import Rule, Table

_DEFAULT_DESCRIPTION = "Managed by Pulumi"
"""What the real provider puts where a program gives none; EC2 wants one."""


@creates(
    "aws:ec2/securityGroup:SecurityGroup",
    {
        "description": Rule.HANDLED,
        "name": "GroupName",
        "revokeRulesOnDelete": Rule.UNUSED_AT_CREATION,
        "vpcId": "VpcId",
    },
    tagged=True,
)
def create_security_group(resource: Resource) -> Created:
    """A group without any rule: the one that EC2 adds, out to anywhere, is taken away."""
    ec2 = resource.client("ec2")
    name = resource.physical_name()
    group_id = ec2.create_security_group(
        **resource.call,
        Description=resource.inputs.get("description", _DEFAULT_DESCRIPTION),
        **tag_specifications(resource, "security-group"),
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


@creates("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", {"vpcId": Rule.HANDLED}, tagged=True)
def adopt_default_security_group(resource: Resource) -> Created:
    """A network's default group with every rule taken away."""
    ec2 = resource.client("ec2")
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


def _revoke_all(ec2: Any, group_id: str) -> dict[str, Any]:
    group: dict[str, Any] = ec2.describe_security_groups(GroupIds=[group_id])["SecurityGroups"][0]
    if ingress := group["IpPermissions"]:
        ec2.revoke_security_group_ingress(GroupId=group_id, IpPermissions=ingress)
    if egress := group["IpPermissionsEgress"]:
        ec2.revoke_security_group_egress(GroupId=group_id, IpPermissions=egress)
    return group


_RULE: Table = {
    "cidrIpv4": Rule.HANDLED,
    "description": Rule.HANDLED,
    "fromPort": "FromPort",
    "ipProtocol": "IpProtocol",
    "referencedSecurityGroupId": Rule.HANDLED,
    "securityGroupId": Rule.HANDLED,
    "toPort": "ToPort",
}


@creates("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", _RULE, tagged=True)
def authorize_ingress(resource: Resource) -> Created:
    """What may come in."""
    answer = resource.client("ec2").authorize_security_group_ingress(**_authorization(resource))
    return _created_rule(resource, answer)


@creates("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", _RULE, tagged=True)
def authorize_egress(resource: Resource) -> Created:
    """What may go out."""
    answer = resource.client("ec2").authorize_security_group_egress(**_authorization(resource))
    return _created_rule(resource, answer)


def _authorization(resource: Resource) -> dict[str, Any]:
    inputs, permission = resource.inputs, dict(resource.call)
    description = {"Description": inputs["description"]} if "description" in inputs else {}
    if "cidrIpv4" in inputs:
        permission["IpRanges"] = [{"CidrIp": inputs["cidrIpv4"], **description}]
    if "referencedSecurityGroupId" in inputs:
        pair = {"GroupId": inputs["referencedSecurityGroupId"], **description}
        permission["UserIdGroupPairs"] = [pair]
    return {
        "GroupId": inputs["securityGroupId"],
        "IpPermissions": [permission],
        **tag_specifications(resource, "security-group-rule"),
    }


def _created_rule(resource: Resource, answer: Mapping[str, Any]) -> Created:
    rule = answer["SecurityGroupRules"][0]
    rule_id = rule["SecurityGroupRuleId"]
    arn = ec2_arn(resource, rule.get("GroupOwnerId", ""), f"security-group-rule/{rule_id}")
    return Created(rule_id, {"arn": arn, "securityGroupRuleId": rule_id})
