"""What the roles of a pipeline's work need where AWS connects it to a network, each with why.

AWS makes network interfaces in the role's name; Lambda, Glue and SageMaker ask for different calls.
Nothing here imports Pulumi.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from components.aws.arns import service_arn
from components.aws.policy_document import EVERYTHING, Condition, Statement, statement

LAMBDA_INTERFACE_ACTIONS = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
)
NOT_BY_FUNCTION_CODE: Condition = {"Null": {"lambda:SourceFunctionArn": "true"}}
"""Every call that a function's own code makes carries the function's ARN."""

GLUE_TAG = "aws-glue-service-resource"
"""The key of the one tag that Glue gives its network interfaces."""


@dataclass(frozen=True, kw_only=True)
class InterfacePlace:
    """The subnets and security groups, by ARN, that work in an account and Region is given."""

    region: str
    account_id: str
    subnet_arns: Sequence[str]
    group_arns: Sequence[str]

    @property
    def subnet_ids(self) -> list[str]:
        """The ids of the subnets."""
        return [_id(arn) for arn in self.subnet_arns]

    @property
    def group_ids(self) -> list[str]:
        """The ids of the security groups."""
        return [_id(arn) for arn in self.group_arns]

    @property
    def interfaces(self) -> str:
        """Any network interface: EC2 makes its id."""
        return service_arn("ec2", self.region, self.account_id, "network-interface/*")

    def in_subnets(self) -> Condition:
        """For network interfaces of these subnets alone."""
        return {"ArnEquals": {"ec2:Subnet": list(self.subnet_arns)}}


def _id(arn: str) -> str:
    return arn.rpartition("/")[2]


def function_interfaces() -> Statement:
    """For Lambda, which connects a function in the role's name, on whichever resource."""
    return statement(
        "NetworkInterfaces", LAMBDA_INTERFACE_ACTIONS, EVERYTHING, NOT_BY_FUNCTION_CODE
    )


def glue_interfaces(place: InterfacePlace, connections: Sequence[str]) -> list[Statement]:
    """For Glue, which reads the job's `connections`, by ARN, and connects each worker."""
    return [
        statement("ReadConnections", "glue:GetConnection", list(connections)),
        _new_interfaces(place),
        # At once or later, but with no other tag.
        statement(
            "TagInterfaces",
            "ec2:CreateTags",
            place.interfaces,
            {
                "ForAllValues:StringEquals": {"aws:TagKeys": [GLUE_TAG]},
                "Null": {"aws:TagKeys": "false"},
            },
        ),
        statement(
            "RemoveInterfaces",
            "ec2:DeleteNetworkInterface",
            place.interfaces,
            place.in_subnets(),
        ),
        # Before a run, Glue looks whether the subnet has a way to S3 and addresses, and whether the
        # groups let the workers reach each other.
        statement(
            "LookAtNetwork",
            [
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeRouteTables",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeVpcAttribute",
                "ec2:DescribeVpcEndpoints",
            ],
            EVERYTHING,
        ),
    ]


def training_interfaces(place: InterfacePlace) -> list[Statement]:
    """For SageMaker, whose own account attaches each interface: hence the permission for it."""
    return [
        _new_interfaces(place),
        statement(
            "AttachAndRemoveInterfaces",
            ["ec2:CreateNetworkInterfacePermission", "ec2:DeleteNetworkInterface"],
            place.interfaces,
            place.in_subnets(),
        ),
        # EC2 makes the id of such a permission, too, and knows no subnet of it.
        statement("DetachInterfaces", "ec2:DeleteNetworkInterfacePermission", EVERYTHING),
        statement(
            "LookAtNetwork",
            [
                "ec2:DescribeDhcpOptions",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeVpcs",
            ],
            EVERYTHING,
        ),
    ]


def _new_interfaces(place: InterfacePlace) -> Statement:
    """EC2 authorizes the call on the interface, on its subnet and on each of its groups."""
    return statement(
        "NewInterfaces",
        "ec2:CreateNetworkInterface",
        [*place.subnet_arns, *place.group_arns, place.interfaces],
    )
