"""What a deploy role needs besides for a hub without a way to the Internet.

Its network has network ACLs, and it is joined to a network of endpoints in other Regions. EC2 gives
all of these their names, so that the tags say whose they are: see `network.py`.
"""

from __future__ import annotations

from bootstrap.policies.network_parts import (
    UNTAGGED,
    in_private_regions,
    parts_in_regions,
    rules_of_groups,
)
from bootstrap.policies.scope import Scope
from components.aws.partitions import partition_of
from components.aws.policy_document import EVERYTHING, Statement, statement
from components.network.endpoint_services import ACROSS_REGIONS, OF_PIPELINES, host_name

_TAGGING_CALLS = (
    "AuthorizeSecurityGroupIngress",
    "CreateNetworkAcl",
    "CreateRouteTable",
    "CreateSecurityGroup",
    "CreateSubnet",
    "CreateVpc",
    "CreateVpcEndpoint",
    "CreateVpcPeeringConnection",
)


def private_network(scope: Scope) -> list[Statement]:
    """The statements for the hub's private network and those in other Regions."""
    statements = [*_new_parts(scope), *_tags(scope), *_own_parts(scope)]
    return [*statements, *_names_of_services(scope)] if scope.endpoint_regions else statements


def _new_parts(scope: Scope) -> list[Statement]:
    """No statement names a kind that one of its calls makes and another one uses."""
    condition = in_private_regions(scope, scope.request_tags())
    return [
        statement(
            "NewEndpointNetworks", "ec2:CreateVpc", parts_in_regions(scope, "vpc"), condition
        ),
        statement(
            "NewPartsOfEndpointNetworks",
            [
                "ec2:CreateNetworkAcl",
                "ec2:CreateRouteTable",
                "ec2:CreateSecurityGroup",
                "ec2:CreateSubnet",
                "ec2:CreateVpcPeeringConnection",
            ],
            parts_in_regions(
                scope,
                *("network-acl", "route-table", "security-group", "subnet"),
                "vpc-peering-connection",
            ),
            condition,
        ),
        statement(
            "NewEndpointsInOtherRegions",
            "ec2:CreateVpcEndpoint",
            parts_in_regions(scope, "vpc-endpoint"),
            condition,
        ),
        # AWS's consent to an endpoint across Regions; it is asked beside CreateVpcEndpoint.
        statement("EndpointsAcrossRegions", "vpce:AllowMultiRegion", EVERYTHING),
    ]


def _tags(scope: Scope) -> list[Statement]:
    asked = scope.request_tags()
    calls = in_private_regions(scope, asked)["StringEquals"]
    return [
        statement(
            "TagNewPrivateParts",
            "ec2:CreateTags",
            EVERYTHING,
            {"StringEquals": {**calls, "ec2:CreateAction": _TAGGING_CALLS}},
        ),
        # A network's default group comes without tags, and a peering connection has tags of its own
        # on each side, on the accepting one none at first.
        statement(
            "TagAcceptedParts",
            "ec2:CreateTags",
            parts_in_regions(scope, "security-group", "vpc-peering-connection"),
            {
                "Null": UNTAGGED,
                **in_private_regions(scope, asked),
            },
        ),
    ]


def _own_parts(scope: Scope) -> list[Statement]:
    return [
        statement(
            "OwnPrivateNetwork",
            [
                "ec2:AcceptVpcPeeringConnection",
                "ec2:CreateNetworkAcl",
                "ec2:CreateNetworkAclEntry",
                "ec2:CreateVpcPeeringConnection",
                "ec2:DeleteNetworkAcl",
                "ec2:DeleteNetworkAclEntry",
                "ec2:DeleteVpcPeeringConnection",
                "ec2:ReplaceNetworkAclAssociation",
            ],
            EVERYTHING,
            {"StringEquals": scope.resource_tags()},
        ),
        # The subnets of an ACL that goes get their network's default one back, which has no tags.
        statement(
            "DefaultNetworkAcls",
            "ec2:ReplaceNetworkAclAssociation",
            parts_in_regions(scope, "network-acl"),
            {"Null": UNTAGGED, **in_private_regions(scope, {})},
        ),
        # The accepting network must be the stack's; the connection has no tags there yet.
        statement(
            "AcceptPeering",
            "ec2:AcceptVpcPeeringConnection",
            parts_in_regions(scope, "vpc-peering-connection"),
        ),
        statement("ReadPeering", "ec2:DescribeVpcPeeringConnections", EVERYTHING),
        rules_of_groups("RulesInOtherRegions", parts_in_regions(scope, "security-group-rule")),
    ]


def _names_of_services(scope: Scope) -> list[Statement]:
    """Route 53 knows no tags in conditions: it is the records' names that are the stack's.

    A hosted zone with records can't be deleted, and no other records can.
    """
    hosts = [
        host_name(service, region)
        for service in OF_PIPELINES - ACROSS_REGIONS
        for region in scope.endpoint_regions
    ]
    zones = f"arn:{partition_of(scope.hub_region)}:route53:::hostedzone/*"
    return [
        statement(
            "HostedZones",
            [
                "route53:ChangeTagsForResource",
                "route53:CreateHostedZone",
                "route53:DeleteHostedZone",
                "route53:DisassociateVPCFromHostedZone",
                "route53:GetChange",
                "route53:GetHostedZone",
                "route53:ListResourceRecordSets",
                "route53:ListTagsForResource",
                "route53:UpdateHostedZoneComment",
            ],
            EVERYTHING,
        ),
        statement(
            "NamesOfServices",
            "route53:ChangeResourceRecordSets",
            zones,
            {
                "ForAllValues:StringEquals": {
                    "route53:ChangeResourceRecordSetsNormalizedRecordNames": hosts
                }
            },
        ),
    ]
