"""What an administrator has in the accounts before the first deployment, made for the local run.

A permissions boundary must exist before a role can have it: it is the project's own template,
filled in as `docs/deploy-roles.md` says. Deploy roles are not needed: with an endpoint, the
program's providers work as each account's root.
"""

from __future__ import annotations

import json

from components.aws.partitions import partition_of
from local.run.accounts import Accounts
from local.run.plan import Plan
from local.run.run_directory import CHECKOUT

_TEMPLATE = CHECKOUT / "policies" / "permissions-boundary.json"


def make_prerequisites(plan: Plan, accounts: Accounts) -> None:
    """Make the permissions boundary, where the topology names one, in every account."""
    if plan.permissions_boundary is None:
        return
    path, _, name = plan.permissions_boundary.rpartition("/")
    for account_id in plan.accounts:
        accounts.client("iam", account_id, plan.hub.region).create_policy(
            PolicyName=name,
            Path=f"/{path}/" if path else "/",
            PolicyDocument=boundary(plan, account_id),
        )


def boundary(plan: Plan, account_id: str) -> str:
    """The boundary of an account: at most what the roles of this stack do, in its Regions."""
    text = _TEMPLATE.read_text(encoding="utf-8")
    for placeholder, value in (
        ("ACCOUNT_ID", account_id),
        ("PREFIX", plan.prefix),
        ('"REGIONS"', json.dumps(plan.regions)[1:-1]),
        ("arn:aws:", f"arn:{partition_of(plan.hub.region)}:"),
    ):
        text = text.replace(placeholder, value)
    return text
