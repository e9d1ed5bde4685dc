"""What `operate inventory` finds of one of two stacks in the same accounts, as the operator."""

from __future__ import annotations

import pytest

from operate.connection import Connection
from operate.inventoried import Resource, inventoried
from operate.outputs import Target
from tests.denied.deployed_stacks import DeployedStacks


def inventory(stacks: DeployedStacks) -> list[Resource]:
    return inventoried(
        Connection(Target.model_validate({"outputs": stacks.outputs, "endpoint": stacks.endpoint}))
    )


@pytest.fixture(scope="module")
def found(stacks: DeployedStacks) -> list[Resource]:
    return inventory(stacks)


def test_every_service_of_the_stack_is_there(found: list[Resource]) -> None:
    services = {each.arn.split(":")[2] for each in found if each.kept is None}
    assert services >= {
        "cloudwatch",
        "ec2",
        "events",
        "glue",
        "iam",
        "kms",
        "lambda",
        "logs",
        "s3",
        "secretsmanager",
        "sqs",
    }


def test_nothing_is_of_the_other_stack_or_of_the_bootstrap(found: list[Resource]) -> None:
    named = [each.arn for each in found if each.kept is None and "unified-pipelines" in each.arn]
    assert named
    assert [arn for arn in named if "unified-pipelines-local" not in arn] == []
    assert [arn for arn in named if "/deploy-" in arn or "/operate-" in arn] == []


def test_what_the_bootstrap_made_stays(found: list[Resource]) -> None:
    kept = {each.arn.split(":")[2] for each in found if (each.kept or "").startswith("the boot")}
    assert kept >= {"s3", "kms"}


def test_after_its_removal_a_stack_leaves_what_aws_keeps(removed_stacks: DeployedStacks) -> None:
    kept = {each.arn.split(":")[2]: each.kept for each in inventory(removed_stacks)}
    assert None not in kept.values()
    assert "deletes it on" in str(kept["kms"])
