"""Amazon EC2: the rules of security groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType
from local.deployment.services.ec2.tags import (
    TAG_ACTIONS,
    ec2_arn,
    generated_id,
    tag_specifications,
)
from local.deployment.translation import Rule, Table

_BOTH: Table = {
    "cidrIpv4": Rule.HANDLED,
    "description": Rule.HANDLED,
    "fromPort": "FromPort",
    "ipProtocol": "IpProtocol",
    "referencedSecurityGroupId": Rule.HANDLED,
    "securityGroupId": Rule.HANDLED,
    "toPort": "ToPort",
}
_ON_BOTH = ("ec2:DescribeSecurityGroupRules", "ec2:ModifySecurityGroupRules", *TAG_ACTIONS)


def authorize_ingress(resource: Resource) -> Created:
    """What may come in."""
    answer = resource.client.authorize_security_group_ingress(**_authorization(resource))
    return _created(resource, answer)


def authorize_egress(resource: Resource) -> Created:
    """What may go out."""
    answer = resource.client.authorize_security_group_egress(**_authorization(resource))
    return _created(resource, answer)


def revoke_ingress(resource: Resource, id_: str) -> None:
    """One rule of what may come in."""
    resource.client.revoke_security_group_ingress(
        GroupId=resource.inputs["securityGroupId"], SecurityGroupRuleIds=[id_]
    )


def revoke_egress(resource: Resource, id_: str) -> None:
    """One rule of what may go out."""
    resource.client.revoke_security_group_egress(
        GroupId=resource.inputs["securityGroupId"], SecurityGroupRuleIds=[id_]
    )


_PEERS = {
    "cidrIpv4": ("IpRanges", "CidrIp"),
    "prefixListId": ("PrefixListIds", "PrefixListId"),
    "referencedSecurityGroupId": ("UserIdGroupPairs", "GroupId"),
}
"""The list that holds the other side of a rule, and its key there, by the input that names it."""


def _authorization(resource: Resource) -> dict[str, Any]:
    inputs = resource.inputs
    ((name, (kind, key)),) = (each for each in _PEERS.items() if each[0] in inputs)
    description = {"Description": inputs["description"]} if "description" in inputs else {}
    return {
        "GroupId": inputs["securityGroupId"],
        "IpPermissions": [{**resource.call, kind: [{key: inputs[name], **description}]}],
        **tag_specifications(resource, "security-group-rule"),
    }


def _created(resource: Resource, answer: Mapping[str, Any]) -> Created:
    rule = answer["SecurityGroupRules"][0]
    rule_id = rule["SecurityGroupRuleId"]
    arn = ec2_arn(resource, rule.get("GroupOwnerId", ""), f"security-group-rule/{rule_id}")
    return Created(rule_id, {"arn": arn, "securityGroupRuleId": rule_id})


INGRESS_RULE = ResourceType(
    token="aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    service="ec2",
    properties=_BOTH,
    create=authorize_ingress,
    remove=revoke_ingress,
    mock_outputs=generated_id("sgr", "security-group-rule"),
    takes_tags=True,
    deploy_actions=(
        "ec2:AuthorizeSecurityGroupIngress",
        "ec2:RevokeSecurityGroupIngress",
        *_ON_BOTH,
    ),
)

EGRESS_RULE = ResourceType(
    token="aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    service="ec2",
    properties={**_BOTH, "prefixListId": Rule.HANDLED},
    create=authorize_egress,
    remove=revoke_egress,
    mock_outputs=generated_id("sgr", "security-group-rule"),
    takes_tags=True,
    deploy_actions=(
        "ec2:AuthorizeSecurityGroupEgress",
        "ec2:RevokeSecurityGroupEgress",
        *_ON_BOTH,
    ),
)
