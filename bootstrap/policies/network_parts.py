"""What the statements about networks share: the hub's, those of endpoints and of pipelines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bootstrap.policies.scope import Scope
from components.aws.policy_document import Condition, Statement, statement

READ = (
    "ec2:DescribeAvailabilityZones",
    "ec2:DescribeNetworkAcls",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribePrefixLists",
    "ec2:DescribeRouteTables",
    "ec2:DescribeSecurityGroupRules",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeTags",
    "ec2:DescribeVpcAttribute",
    "ec2:DescribeVpcEndpoints",
    "ec2:DescribeVpcs",
)
"""How the provider looks at the parts that every network has."""

UNTAGGED = {"aws:ResourceTag/project": "true", "aws:ResourceTag/stack": "true"}
"""The keys that are missing of a part that doesn't have a stack's tags yet."""


def parts_in_regions(scope: Scope, *kinds: str) -> list[str]:
    """Every part of these kinds in the account, in any Region."""
    return [scope.arn("ec2", f"{kind}/*") for kind in kinds]


def in_private_regions(scope: Scope, keys: Mapping[str, str | Sequence[str]]) -> Condition:
    """The condition `keys`, in the Regions of a private hub's networks alone."""
    regions = [scope.hub_region, *scope.endpoint_regions]
    return {"StringEquals": {**keys, "aws:RequestedRegion": regions}}


def rules_of_groups(sid: str, rules: Sequence[str]) -> Statement:
    """A new rule has no tags yet: its group must be the stack's, by another statement."""
    return statement(
        sid,
        [
            "ec2:AuthorizeSecurityGroupEgress",
            "ec2:AuthorizeSecurityGroupIngress",
            "ec2:ModifySecurityGroupRules",
        ],
        rules,
    )


def without_tags(scope: Scope) -> dict[str, str]:
    """The keys that are missing of a network interface that Lambda has left."""
    return dict.fromkeys((f"aws:ResourceTag/{key}" for key in ("Name", *scope.tags)), "true")
