"""The deploy roles' policies, beside the calls that a deployment really made as these roles.

The embedded AWS is deployed to and never changed or removed. What only that takes is told by the
actions' verbs, and held by the descriptions of the resource types alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from bootstrap.accounts import scopes
from bootstrap.command import read_stack
from bootstrap.policies.documents import deploy_policies
from local.deployment.services import PROVIDER_FUNCTIONS, RESOURCE_TYPES
from tests.denied.deployed_stacks import DeployedStacks
from tests.permission_reasons import listed

READ = ("Describe", "Get", "List", "View")
CHANGED = ("Modify", "Replace", "Set", "Tag", "Untag", "Update")
REMOVED = ("Delete", "Detach", "Disassociate", "Release", "Remove", "Revoke", "Unsubscribe")

_NO_TOPIC = "neither stack has notifications"
_BY_AWS = "AWS asks for it as part of another call, which the embedded AWS doesn't"
_CHANGE = "a change of what there is"
EXPLAINED: Mapping[str, str] = MappingProxyType(
    {
        "airflow:CreateEnvironment": "both stacks are deployed without Airflow",
        "airflow:InvokeRestApi": "only an update of the environment pauses DAGs",
        "ec2:CreateNetworkInterface": _BY_AWS,
        "iam:CreatePolicyVersion": _CHANGE,
        "iam:CreateServiceLinkedRole": _BY_AWS,
        "iam:PutRolePermissionsBoundary": _CHANGE,
        "logs:AssociateKmsKey": _CHANGE,
        "logs:CreateLogDelivery": _BY_AWS,
        "route53:AssociateVPCWithHostedZone": _BY_AWS,
        "sns:CreateTopic": _NO_TOPIC,
        "sns:Subscribe": _NO_TOPIC,
    }
)
"""Why a deployment doesn't use what it would take to create."""


def used(stacks: DeployedStacks) -> set[str]:
    """The actions that the deploy roles were allowed while they deployed."""
    return {
        row["action"]
        for row in stacks.of_deployment
        if ":assumed-role/deploy-" in row["principal"] and row["decision"] == "allow"
    }


def granted() -> Iterator[str]:
    """The actions that the deploy roles' policies allow in some account."""
    names, topology, _ = read_stack("local")
    for scope in scopes(topology, names).values():
        for text in deploy_policies(scope).values():
            for statement in json.loads(text)["Statement"]:
                if statement["Effect"] == "Allow":
                    yield from listed(statement["Action"])


def test_what_creates_is_used_or_explained(stacks: DeployedStacks) -> None:
    creating = {
        action
        for action in granted()
        if not action.partition(":")[2].startswith(READ + CHANGED + REMOVED)
    }
    assert creating - used(stacks) == EXPLAINED.keys()


def test_what_is_used_is_described(stacks: DeployedStacks) -> None:
    """So that the policies are held to it where nothing is deployed."""
    described = {
        *(action for each in RESOURCE_TYPES.values() for action in each.deploy_actions),
        *(action for each in PROVIDER_FUNCTIONS.values() for action in each.deploy_actions),
    }
    # Each provider asks whose credentials it has, which takes no permission.
    assert used(stacks) - described == {"sts:GetCallerIdentity"}
