"""The actions of an access's policy file: ones that AWS has, and that give no permissions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from components.access.actions import closest, gives_permissions, is_known
from components.access.policy_file import PolicyStatement
from components.topology.codes import Code
from components.topology.problems import KeyPath, Problem, refused
from components.topology.rules.basics import matches

ACTION = r"[a-z0-9-]+:[A-Za-z0-9-]+"

PASSING = "iam:PassRole"

_READING = r"[a-z0-9-]+:(?:BatchGet|Describe|Get|List|Search|View)\w*"

_GOVERNING = re.compile(
    r"(?:account|iam|identitystore|organizations|ram|sso|sso-directory|sts):.*"
    rf"|(?!{_READING})[a-z0-9-]+:"
    r"\w*(?:Acl|AccessEntry|DataLakeSettings|DataShare|Grant|OwnershipControls|Permission"
    r"|Polic(?:y|ies)|PublicAccess|(?:Image|Queue|Snapshot|Topic)Attributes?)\w*",
    # As IAM compares them.
    re.ASCII | re.IGNORECASE,
)
"""Actions that change who may do what, or who is who, and that AWS lists as plain writing."""

_WORK = frozenset(
    {
        "bedrock-agentcore:invokegateway",
        "entityresolution:useidnamespace",
        "entityresolution:useworkflow",
        "managedblockchain:get",
        "managedblockchain:invoke",
        "managedblockchain:post",
        "rds-db:connect",
    }
)
"""What AWS lists as the management of permissions, and that only uses those there are."""


def is_governing(action: str) -> bool:
    """Whether an action gives permissions, to a role or by a resource's own policy.

    No boundary of the project allows any.
    """
    if _GOVERNING.fullmatch(action):
        return True
    reads = re.fullmatch(_READING, action, re.ASCII | re.IGNORECASE)
    return gives_permissions(action) and not reads and action.lower() not in _WORK


def action_problems(path: KeyPath, name: str, each: PolicyStatement) -> Iterator[Problem]:
    """What is wrong with a statement's actions; the policy is in the file `name`."""
    for action in each.actions:
        if "*" in action or "?" in action:
            yield from refused(
                path,
                Code.WILDCARD_ACTION,
                name,
                f"allows {action} in statement {each.sid}",
                expected="each action by its name: a wildcard allows every one that AWS adds later",
            )
        elif not matches(action, ACTION):
            yield from refused(
                path,
                Code.MALFORMED,
                name,
                f"has in statement {each.sid} what is no action: {action}",
                expected="a service and an action, such as athena:StartQueryExecution",
            )
        elif action != PASSING and is_governing(action):
            yield from refused(
                path,
                Code.FORBIDDEN_ACTION,
                name,
                f"allows {action} in statement {each.sid}, which gives permissions",
                expected=f"the actions of the work itself, and {PASSING} where a service needs "
                "a role",
                advice="What gives permissions belongs to the administrators of the account",
            )
        elif not is_known(action):
            like = closest(action)
            yield from refused(
                path,
                Code.UNKNOWN_ACTION,
                name,
                f"allows {action} in statement {each.sid}, which AWS doesn't list",
                expected=f"an action of IAM, such as {like}" if like else "an action of IAM",
                advice="Look it up in AWS's Service Authorization Reference; if it is newer than "
                "components/access/actions.json, `make lock UPGRADE=1` adds it",
            )
