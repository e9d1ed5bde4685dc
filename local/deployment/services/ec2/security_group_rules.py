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
    "description": Rule.HANDLED,
    "ipProtocol": "IpProtocol",
    "securityGroupId": Rule.HANDLED,
}
_ON_BOTH = ("ec2:DescribeSecurityGroupRules", "ec2:ModifySecurityGroupRules", *TAG_ACTIONS)


def authorize_ingress(resource: Resource) -> Created:
    """What may come in from another group, or the same."""
    peer = {"GroupId": resource.required("referencedSecurityGroupId")}
    answer = resource.client.authorize_security_group_ingress(
        **_authorization(resource, "UserIdGroupPairs", peer)
    )
    return _created(resource, answer)


def authorize_egress(resource: Resource) -> Created:
    """What may go out to a range of addresses."""
    peer = {"CidrIp": resource.required("cidrIpv4")}
    answer = resource.client.authorize_security_group_egress(
        **_authorization(resource, "IpRanges", peer)
    )
    return _created(resource, answer)


def _authorization(resource: Resource, key: str, peer: dict[str, str]) -> dict[str, Any]:
    inputs = resource.inputs
    description = {"Description": inputs["description"]} if "description" in inputs else {}
    return {
        "GroupId": inputs["securityGroupId"],
        "IpPermissions": [{**resource.call, key: [{**peer, **description}]}],
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
    properties={**_BOTH, "referencedSecurityGroupId": Rule.HANDLED},
    create=authorize_ingress,
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
    properties={**_BOTH, "cidrIpv4": Rule.HANDLED},
    create=authorize_egress,
    mock_outputs=generated_id("sgr", "security-group-rule"),
    takes_tags=True,
    deploy_actions=(
        "ec2:AuthorizeSecurityGroupEgress",
        "ec2:RevokeSecurityGroupEgress",
        *_ON_BOTH,
    ),
)
