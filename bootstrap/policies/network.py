"""What a deploy role needs for the hub's network, whose parts EC2 gives their names.

From the Service Authorization Reference: EC2 authorizes a call on each part that it makes, with the
tags of the request, and on each part that is there already, with that part's own tags.
"""

from __future__ import annotations

from bootstrap.policies.network_parts import READ, UNTAGGED, rules_of_groups, without_tags
from bootstrap.policies.scope import Scope
from components.aws.policy_document import EVERYTHING, Statement, statement
from components.topology.model import Network

_MADE_IN_OTHERS = (
    "ec2:CreateFlowLogs",
    "ec2:CreateNatGateway",
    "ec2:CreateRouteTable",
    "ec2:CreateSecurityGroup",
    "ec2:CreateSubnet",
    "ec2:CreateVpcEndpoint",
)
"""The calls that make a part and name others, which have to be the stack's."""

_TAGGING_CALLS = (
    "AllocateAddress",
    "AuthorizeSecurityGroupEgress",
    "AuthorizeSecurityGroupIngress",
    "CreateFlowLogs",
    "CreateInternetGateway",
    "CreateNatGateway",
    "CreateRouteTable",
    "CreateSecurityGroup",
    "CreateSubnet",
    "CreateVpc",
    "CreateVpcEndpoint",
)


def network(scope: Scope) -> list[Statement]:
    """The statements for the hub's network."""
    statements = [
        _read(),
        *_new_parts(scope),
        *_tags(scope),
        *_own_parts(scope),
        _endpoints(scope),
        _left_interfaces(scope),
    ]
    if scope.existing_network is not None:
        statements.append(_existing(scope, scope.existing_network))
    return statements


def _parts(scope: Scope, *kinds: str) -> list[str]:
    return [scope.arn("ec2", f"{kind}/*", region=scope.hub_region) for kind in kinds]


def _read() -> Statement:
    return statement(
        "ReadNetwork",
        [
            *READ,
            "ec2:DescribeAddresses",
            "ec2:DescribeAddressesAttribute",
            "ec2:DescribeFlowLogs",
            "ec2:DescribeInternetGateways",
            "ec2:DescribeNatGateways",
        ],
        EVERYTHING,
    )


def _new_parts(scope: Scope) -> list[Statement]:
    """Three, so that no statement names a kind that one of its calls makes and another one uses."""
    condition = {"StringEquals": scope.request_tags()}
    return [
        statement("NewNetwork", "ec2:CreateVpc", _parts(scope, "vpc"), condition),
        statement(
            "NewParts",
            [
                "ec2:AllocateAddress",
                "ec2:CreateInternetGateway",
                "ec2:CreateRouteTable",
                "ec2:CreateSecurityGroup",
                "ec2:CreateSubnet",
            ],
            _parts(
                scope, "elastic-ip", "internet-gateway", "route-table", "security-group", "subnet"
            ),
            condition,
        ),
        statement(
            "NewPartsOfParts",
            ["ec2:CreateFlowLogs", "ec2:CreateNatGateway"],
            _parts(scope, "natgateway", "vpc-flow-log"),
            condition,
        ),
    ]


def _tags(scope: Scope) -> list[Statement]:
    asked = {**scope.request_tags(), "aws:RequestedRegion": scope.hub_region}
    return [
        statement(
            "TagNewNetwork",
            "ec2:CreateTags",
            EVERYTHING,
            {"StringEquals": {**asked, "ec2:CreateAction": _TAGGING_CALLS}},
        ),
        # A network's default group comes without tags, and is emptied once it has the stack's.
        statement(
            "TagDefaultGroup",
            "ec2:CreateTags",
            _parts(scope, "security-group"),
            {
                "Null": UNTAGGED,
                "StringEquals": asked,
            },
        ),
    ]


def _own_parts(scope: Scope) -> list[Statement]:
    return [
        statement(
            "OwnNetwork",
            [
                *_MADE_IN_OTHERS,
                "ec2:AssociateRouteTable",
                "ec2:AttachInternetGateway",
                "ec2:AuthorizeSecurityGroupEgress",
                "ec2:AuthorizeSecurityGroupIngress",
                "ec2:CreateNetworkInterface",
                "ec2:CreateRoute",
                "ec2:CreateTags",
                "ec2:DeleteFlowLogs",
                "ec2:DeleteInternetGateway",
                "ec2:DeleteNatGateway",
                "ec2:DeleteRoute",
                "ec2:DeleteRouteTable",
                "ec2:DeleteSecurityGroup",
                "ec2:DeleteSubnet",
                "ec2:DeleteTags",
                "ec2:DeleteVpc",
                "ec2:DeleteVpcEndpoints",
                "ec2:DetachInternetGateway",
                "ec2:DisassociateAddress",
                "ec2:DisassociateRouteTable",
                "ec2:ModifySecurityGroupRules",
                "ec2:ModifySubnetAttribute",
                "ec2:ModifyVpcAttribute",
                "ec2:ModifyVpcEndpoint",
                "ec2:ReleaseAddress",
                "ec2:ReplaceRoute",
                "ec2:RevokeSecurityGroupEgress",
                "ec2:RevokeSecurityGroupIngress",
            ],
            EVERYTHING,
            {"StringEquals": scope.resource_tags()},
        ),
        rules_of_groups("RulesOfOwnGroups", _parts(scope, "security-group-rule")),
    ]


def _endpoints(scope: Scope) -> Statement:
    """Amazon MWAA makes endpoints and network interfaces as its caller, without the stack's tags.

    Network, subnets and security groups of both have to be the stack's.
    """
    return statement(
        "NewEndpoints",
        ["ec2:CreateNetworkInterface", "ec2:CreateVpcEndpoint"],
        _parts(scope, "network-interface", "vpc-endpoint"),
    )


def _left_interfaces(scope: Scope) -> Statement:
    """What Lambda leaves in the network where the function's role goes before its interfaces.

    They have no tags, and EC2 makes the network's id, so that the Region limits them, or the named
    subnets. No interface of an instance is among them: to detach that takes the instance, too.
    """
    condition: dict[str, dict[str, str | list[str]]] = {"Null": {**without_tags(scope)}}
    named = scope.existing_network.subnet_ids if scope.existing_network else None
    if named:
        condition["ArnLike"] = {
            "ec2:Subnet": [
                scope.arn("ec2", f"subnet/{each}", region=scope.hub_region, account="*")
                for each in named
            ]
        }
    return statement(
        "LeftInterfaces",
        ["ec2:DeleteNetworkInterface", "ec2:DetachNetworkInterface"],
        _parts(scope, "network-interface"),
        condition,
    )


def _existing(scope: Scope, network: Network) -> Statement:
    """What Amazon MWAA makes in a network that isn't the stack's; it may be another account's."""
    parts = [
        *([f"vpc/{network.vpc_id}"] if network.vpc_id else []),
        *(f"subnet/{each}" for each in network.subnet_ids or ()),
        *(f"security-group/{each}" for each in network.security_group_ids or ()),
    ]
    return statement(
        "EnvironmentInExistingNetwork",
        ["ec2:CreateNetworkInterface", "ec2:CreateVpcEndpoint"],
        [scope.arn("ec2", part, region=scope.hub_region, account="*") for part in parts],
    )
