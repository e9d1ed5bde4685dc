"""The deploy roles' policies, beside the calls that really deployed, changed and removed as them.

One setting is changed, and nothing is read back. What only reading and other changes take is told
by the actions' verbs, and held by the descriptions of the resource types alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType

import pytest

from bootstrap.accounts import scopes
from bootstrap.command import read_stack
from bootstrap.policies.documents import deploy_policies
from local.deployment.services import PROVIDER_FUNCTIONS, RESOURCE_TYPES
from tests.denied.deployed_stacks import DeployedStacks
from tests.permission_reasons import listed

READ = ("Describe", "Get", "List", "View")
CHANGED = ("Modify", "Replace", "Set", "Tag", "Untag", "Update")

_NO_AIRFLOW = "both stacks are deployed without Airflow"
_NO_INTERFACE = "the functions of the embedded AWS leave no network interface behind"
_BY_AWS = "AWS asks for it as part of another call, which the embedded AWS doesn't"
_CHANGE = "a change of what there is, or its consequence"
EXPLAINED: Mapping[str, str] = MappingProxyType(
    {
        "airflow:CreateEnvironment": _NO_AIRFLOW,
        "airflow:DeleteEnvironment": _NO_AIRFLOW,
        "airflow:InvokeRestApi": "only an update of the environment pauses DAGs",
        "ec2:CreateNetworkInterface": _BY_AWS,
        "ec2:DeleteNetworkInterface": _NO_INTERFACE,
        "ec2:DeleteTags": _CHANGE,
        "ec2:DetachNetworkInterface": _NO_INTERFACE,
        "ec2:DisassociateAddress": "an address is free once its NAT gateway is gone",
        "iam:CreatePolicyVersion": _CHANGE,
        "iam:CreateServiceLinkedRole": _BY_AWS,
        "iam:DeletePolicyVersion": _CHANGE,
        "iam:PutRolePermissionsBoundary": _CHANGE,
        "logs:AssociateKmsKey": _CHANGE,
        "logs:CreateLogDelivery": _BY_AWS,
        "logs:DeleteLogDelivery": _BY_AWS,
        "route53:AssociateVPCWithHostedZone": _BY_AWS,
        "s3:DeleteObject": "S3 asks for it beside s3:DeleteObjectVersion where many versions go",
    }
)
"""Why it takes neither a deployment of these stacks nor their removal."""


@pytest.fixture(scope="module")
def used(removed_stacks: DeployedStacks) -> set[str]:
    """The actions that the deploy roles were allowed while they deployed, changed and removed."""
    return {
        row["action"]
        for row in removed_stacks.recorded()
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


def test_what_creates_or_removes_is_used_or_explained(used: set[str]) -> None:
    needed = {
        action for action in granted() if not action.partition(":")[2].startswith(READ + CHANGED)
    }
    assert needed - used == EXPLAINED.keys()


def test_the_change_is_an_update(used: set[str]) -> None:
    assert "glue:UpdateJob" in used


def test_what_is_used_is_described(used: set[str]) -> None:
    """So that the policies are held to it where nothing is deployed."""
    described = {
        *(action for each in RESOURCE_TYPES.values() for action in each.deploy_actions),
        *(action for each in PROVIDER_FUNCTIONS.values() for action in each.deploy_actions),
    }
    # Each provider asks whose credentials it has, which takes no permission.
    assert used - described == {"sts:GetCallerIdentity"}
