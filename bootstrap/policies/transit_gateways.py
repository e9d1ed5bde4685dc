"""What a deploy role needs besides where transit gateways join a private hub to other Regions."""

from __future__ import annotations

from bootstrap.policies.network_parts import UNTAGGED, in_private_regions, parts_in_regions
from bootstrap.policies.scope import Scope
from components.aws.policy_document import EVERYTHING, Statement, statement

_SERVICE = "transitgateway.amazonaws.com"
_TAGGING_CALLS = (
    "CreateTransitGateway",
    "CreateTransitGatewayPeeringAttachment",
    "CreateTransitGatewayRouteTable",
    "CreateTransitGatewayVpcAttachment",
)


def transit_gateways(scope: Scope) -> list[Statement]:
    """The statements for the hub's transit gateway and those in other Regions."""
    return [*_new(scope), *_tags(scope), *_own(scope), *_by_aws(scope)]


def _new(scope: Scope) -> list[Statement]:
    """No statement names a kind that one of its calls makes and another one uses."""
    condition = in_private_regions(scope, scope.request_tags())
    return [
        statement(
            "NewTransitGateways",
            "ec2:CreateTransitGateway",
            parts_in_regions(scope, "transit-gateway"),
            condition,
        ),
        statement(
            "NewPartsOfTransitGateways",
            [
                "ec2:CreateTransitGatewayPeeringAttachment",
                "ec2:CreateTransitGatewayRouteTable",
                "ec2:CreateTransitGatewayVpcAttachment",
            ],
            parts_in_regions(scope, "transit-gateway-attachment", "transit-gateway-route-table"),
            condition,
        ),
    ]


def _tags(scope: Scope) -> list[Statement]:
    asked = scope.request_tags()
    making = {**asked, "ec2:CreateAction": _TAGGING_CALLS}
    return [
        statement(
            "TagNewTransitGateways",
            "ec2:CreateTags",
            EVERYTHING,
            in_private_regions(scope, making),
        ),
        # A peering has tags of its own on each side, on the accepting one none at first.
        statement(
            "TagAcceptedAttachments",
            "ec2:CreateTags",
            parts_in_regions(scope, "transit-gateway-attachment"),
            {"Null": UNTAGGED, **in_private_regions(scope, asked)},
        ),
    ]


def _own(scope: Scope) -> list[Statement]:
    return [
        statement(
            "OwnTransitGateways",
            [
                "ec2:AssociateTransitGatewayRouteTable",
                "ec2:CreateTransitGatewayPeeringAttachment",
                "ec2:CreateTransitGatewayRoute",
                "ec2:CreateTransitGatewayRouteTable",
                "ec2:CreateTransitGatewayVpcAttachment",
                "ec2:DeleteTransitGateway",
                "ec2:DeleteTransitGatewayPeeringAttachment",
                "ec2:DeleteTransitGatewayRoute",
                "ec2:DeleteTransitGatewayRouteTable",
                "ec2:DeleteTransitGatewayVpcAttachment",
                "ec2:DisassociateTransitGatewayRouteTable",
                "ec2:ModifyTransitGateway",
                "ec2:ModifyTransitGatewayVpcAttachment",
                "ec2:SearchTransitGatewayRoutes",
            ],
            EVERYTHING,
            {"StringEquals": scope.resource_tags()},
        ),
        # EC2 asks for the attachment alone, not for the gateway, and the attachment has no tags
        # there yet. What it leads to is decided by associations and routes, which are the stack's.
        statement(
            "AcceptPeeringOfGateways",
            "ec2:AcceptTransitGatewayPeeringAttachment",
            parts_in_regions(scope, "transit-gateway-attachment"),
            {"Null": UNTAGGED, **in_private_regions(scope, {})},
        ),
        statement(
            "ReadTransitGateways",
            [
                "ec2:DescribeTransitGatewayPeeringAttachments",
                "ec2:DescribeTransitGatewayRouteTables",
                "ec2:DescribeTransitGatewayVpcAttachments",
                "ec2:DescribeTransitGateways",
                "ec2:GetTransitGatewayRouteTableAssociations",
            ],
            EVERYTHING,
        ),
    ]


def _by_aws(scope: Scope) -> list[Statement]:
    """AWS makes the role with the account's first attachment of a network."""
    return [
        statement(
            "TransitGatewayServiceRole",
            "iam:CreateServiceLinkedRole",
            scope.iam_arn(f"role/aws-service-role/{_SERVICE}/*"),
            {"StringEquals": {"iam:AWSServiceName": _SERVICE}},
        )
    ]
