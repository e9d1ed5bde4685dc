"""What an operator has in the accounts before the first deployment, made up for the local run.

A permissions boundary must exist before a role can have it. The local one allows everything: what
a real boundary takes away is the operator's choice, and isn't in the checkout. Deploy roles are
not needed: with an endpoint, the program's providers work as each account's root.
"""

from __future__ import annotations

import json

from local.run.accounts import Accounts
from local.run.plan import Plan

_ALLOW_ALL = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}


def make_prerequisites(plan: Plan, accounts: Accounts) -> None:
    """Make the permissions boundary, where the topology names one, in every account."""
    if plan.permissions_boundary is None:
        return
    path, _, name = plan.permissions_boundary.rpartition("/")
    for account_id in plan.accounts:
        accounts.client("iam", account_id, plan.hub.region).create_policy(
            PolicyName=name,
            Path=f"/{path}/" if path else "/",
            PolicyDocument=json.dumps(_ALLOW_ALL),
        )
