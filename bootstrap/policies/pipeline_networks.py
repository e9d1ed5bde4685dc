"""What a deploy role needs besides for pipelines that run in networks.

EC2 gives the parts of a network their names, so that the tags say whose they are: see `network.py`.
"""

from __future__ import annotations

from bootstrap.policies.network_parts import (
    READ,
    UNTAGGED,
    parts_in_regions,
    rules_of_groups,
    without_tags,
)
from bootstrap.policies.scope import Scope
from components.aws.policy_document import EVERYTHING, Condition, Statement, statement

_TAGGING_CALLS = (
    "AuthorizeSecurityGroupEgress",
    "AuthorizeSecurityGroupIngress",
    "CreateRouteTable",
    "CreateSecurityGroup",
    "CreateSubnet",
    "CreateVpc",
    "CreateVpcEndpoint",
)


def pipeline_networks(scope: Scope) -> list[Statement]:
    """The statements for networks that are used, and for those that are made.

    Also where all of them are there already: one that the stack made may have to go.
    """
    return [
        _connections(scope),
        statement("ReadPipelineNetworks", READ, EVERYTHING),
        *_new_parts(scope),
        *_tags(scope),
        *_own_parts(scope),
        _left_interfaces(scope),
    ]


def _connections(scope: Scope) -> Statement:
    return statement(
        "GlueConnections",
        [
            "glue:CreateConnection",
            "glue:DeleteConnection",
            "glue:GetConnection",
            "glue:GetTags",
            "glue:TagResource",
            "glue:UntagResource",
            "glue:UpdateConnection",
        ],
        # Glue authorizes each call on the catalog that holds the connections, too.
        [scope.arn("glue", "catalog"), scope.arn("glue", f"connection/{scope.prefix}-*")],
    )


def _asked(scope: Scope) -> dict[str, str | list[str]]:
    return {**scope.request_tags(), "aws:RequestedRegion": list(scope.regions)}


def _new_parts(scope: Scope) -> list[Statement]:
    """No statement names a kind that one of its calls makes and another one uses."""
    condition: Condition = {"StringEquals": _asked(scope)}
    made = parts_in_regions(scope, "route-table", "security-group", "subnet")
    return [
        statement(
            "NewPipelineNetworks", "ec2:CreateVpc", parts_in_regions(scope, "vpc"), condition
        ),
        statement(
            "NewPartsOfPipelineNetworks",
            ["ec2:CreateRouteTable", "ec2:CreateSecurityGroup", "ec2:CreateSubnet"],
            made,
            condition,
        ),
        statement(
            "NewPipelineEndpoints",
            "ec2:CreateVpcEndpoint",
            parts_in_regions(scope, "vpc-endpoint"),
            condition,
        ),
        # Part of making an endpoint with private DNS. The hosted zone is Amazon EC2's own.
        statement("PrivateDnsOfPipelines", "route53:AssociateVPCWithHostedZone", EVERYTHING),
    ]


def _tags(scope: Scope) -> list[Statement]:
    asked = _asked(scope)
    return [
        statement(
            "TagNewPipelineParts",
            "ec2:CreateTags",
            EVERYTHING,
            {"StringEquals": {**asked, "ec2:CreateAction": _TAGGING_CALLS}},
        ),
        # A network's default group comes without tags, and is emptied once it has the stack's.
        statement(
            "TagDefaultPipelineGroups",
            "ec2:CreateTags",
            parts_in_regions(scope, "security-group"),
            {
                "Null": UNTAGGED,
                "StringEquals": asked,
            },
        ),
    ]


def _own_parts(scope: Scope) -> list[Statement]:
    return [
        statement(
            "OwnPipelineNetworks",
            [
                "ec2:AssociateRouteTable",
                "ec2:AuthorizeSecurityGroupEgress",
                "ec2:AuthorizeSecurityGroupIngress",
                "ec2:CreateRouteTable",
                "ec2:CreateSecurityGroup",
                "ec2:CreateSubnet",
                "ec2:CreateTags",
                "ec2:CreateVpcEndpoint",
                "ec2:DeleteRouteTable",
                "ec2:DeleteSecurityGroup",
                "ec2:DeleteSubnet",
                "ec2:DeleteTags",
                "ec2:DeleteVpc",
                "ec2:DeleteVpcEndpoints",
                "ec2:DisassociateRouteTable",
                "ec2:ModifySecurityGroupRules",
                "ec2:ModifySubnetAttribute",
                "ec2:ModifyVpcAttribute",
                "ec2:ModifyVpcEndpoint",
                "ec2:RevokeSecurityGroupEgress",
                "ec2:RevokeSecurityGroupIngress",
            ],
            EVERYTHING,
            {"StringEquals": scope.resource_tags()},
        ),
        rules_of_groups("RulesOfPipelineGroups", parts_in_regions(scope, "security-group-rule")),
    ]


def _left_interfaces(scope: Scope) -> Statement:
    """What Lambda leaves where a function's role goes before its interfaces: they have no tags."""
    return statement(
        "LeftPipelineInterfaces",
        ["ec2:DeleteNetworkInterface", "ec2:DetachNetworkInterface"],
        parts_in_regions(scope, "network-interface"),
        {"Null": without_tags(scope), "StringEquals": {"aws:RequestedRegion": list(scope.regions)}},
    )
