"""The templates for the deploy roles, as `docs/deploy-roles.md` says they are used."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "policies").glob("deploy-*.json"))

KNOW_THE_BOUNDARY = {
    "iam:AttachRolePolicy",
    "iam:CreateRole",
    "iam:DeleteRolePermissionsBoundary",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
}
"""The actions on roles that IAM asks with `iam:PermissionsBoundary` (Service Authorization
Reference): a condition on that key refuses every other one."""

MANAGED_POLICY_LIMIT = 6144
LONGEST_STACK = "s" * 12
"""About as long as the name of a stack is before it is cut."""


def actions(template: str) -> dict[str, set[str]]:
    """What each statement of a template allows, by its id."""
    document = json.loads((ROOT / "policies" / f"{template}.json").read_text(encoding="utf-8"))
    return {each["Sid"]: _listed(each["Action"]) for each in document["Statement"]}


def _listed(value: Any) -> set[str]:
    return {value} if isinstance(value, str) else set(value)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_iam_takes_the_size(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for placeholder, value in (
        ("PREFIX", f"unified-pipelines-{LONGEST_STACK}"),
        ("ACCOUNT_ID", "1" * 12),
        ("REGION", "ap-southeast-2"),
    ):
        text = text.replace(placeholder, value)
    assert len("".join(text.split())) <= MANAGED_POLICY_LIMIT


def test_a_condition_on_the_boundary_fits_all_that_gives_a_role_rights() -> None:
    giving = actions("deploy-foundation")["NewRoles"]
    assert giving == {"iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"}
    assert giving <= KNOW_THE_BOUNDARY
    elsewhere = {
        action
        for path in TEMPLATES
        for sid, allowed in actions(path.stem).items()
        if sid not in ("NewRoles", "AttachOwnPolicies")
        for action in allowed
    }
    assert not giving & elsewhere
    assert "iam:DeleteRolePermissionsBoundary" not in elsewhere


def test_what_an_update_of_a_role_calls_is_allowed() -> None:
    # The provider changes a description by a call of its own.
    assert "iam:UpdateRoleDescription" in actions("deploy-foundation")["Roles"]
