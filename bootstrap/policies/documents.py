"""All documents of an account, within IAM's limits."""

from __future__ import annotations

from collections.abc import Sequence

from bootstrap.policies.boundary import boundary
from bootstrap.policies.foundation import foundation
from bootstrap.policies.hub import hub
from bootstrap.policies.network import network
from bootstrap.policies.pipelines import pipelines
from bootstrap.policies.scope import Scope
from components.aws.policy_document import (
    MANAGED_POLICY_LIMIT,
    Statement,
    policy_document,
    statement,
)


def deploy_policies(scope: Scope) -> dict[str, str]:
    """The deploy role's managed policies in the account, by the end of their name."""
    parts = {"foundation": foundation(scope)}
    if scope.has_hub:
        parts |= {"hub": hub(scope), "network": network(scope)}
    if scope.has_pipelines:
        parts["pipelines"] = pipelines(scope)
    return {name: _managed(name, statements) for name, statements in parts.items()}


def boundary_policy(scope: Scope) -> str:
    """The permissions boundary of the account's roles."""
    return _managed("boundary", boundary(scope))


def deploy_trust(principals: Sequence[str]) -> str:
    """The trust of a deploy role: these principals of the hub's account."""
    return policy_document(
        [statement("Deployers", "sts:AssumeRole", [], principals={"AWS": principals})]
    )


def _managed(name: str, statements: Sequence[Statement]) -> str:
    document = policy_document(statements)
    if len(document) > MANAGED_POLICY_LIMIT:
        raise ValueError(
            f"the policy {name} has {len(document)} characters: IAM takes at most "
            f"{MANAGED_POLICY_LIMIT}. Give the stack fewer Regions, accounts or images"
        )
    return document
