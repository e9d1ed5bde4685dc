"""What a deploy role needs in the account of a shared network, for the environment's endpoints.

Of the network it uses what the topology names, and nothing else of the account.
"""

from __future__ import annotations

from bootstrap.policies.scope import Scope
from components.aws.policy_document import EVERYTHING, Statement, statement
from components.topology.model import Network, NetworkEndpoints


def environment_endpoints(
    scope: Scope, network: Network, endpoints: NetworkEndpoints
) -> list[Statement]:
    """The statements for the endpoints in `network`."""
    region = scope.hub_region
    made = scope.arn("ec2", "vpc-endpoint/*", region=region)
    used = [
        f"vpc/{network.vpc_id}",
        *(f"subnet/{each}" for each in network.subnet_ids),
        *(f"security-group/{each}" for each in endpoints.security_group_ids),
    ]
    asked = scope.request_tags()
    return [
        statement(
            "NewEnvironmentEndpoints",
            "ec2:CreateVpcEndpoint",
            made,
            {"StringEquals": asked},
        ),
        statement(
            "NetworkOfEnvironment",
            ["ec2:CreateVpcEndpoint", "ec2:ModifyVpcEndpoint"],
            [scope.arn("ec2", each, region=region) for each in used],
        ),
        statement(
            "TagNewEnvironmentEndpoints",
            "ec2:CreateTags",
            made,
            {"StringEquals": {**asked, "ec2:CreateAction": "CreateVpcEndpoint"}},
        ),
        statement(
            "OwnEnvironmentEndpoints",
            [
                "ec2:CreateTags",
                "ec2:DeleteTags",
                "ec2:DeleteVpcEndpoints",
                "ec2:ModifyVpcEndpoint",
            ],
            made,
            {"StringEquals": scope.resource_tags()},
        ),
        statement(
            "ReadEnvironmentEndpoints",
            ["ec2:DescribePrefixLists", "ec2:DescribeTags", "ec2:DescribeVpcEndpoints"],
            EVERYTHING,
        ),
    ]
