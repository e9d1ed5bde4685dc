"""All documents of an account, within IAM's limits."""

from __future__ import annotations

from collections.abc import Sequence

from bootstrap.policies.backups import operator_on_backups
from bootstrap.policies.boundary import boundary
from bootstrap.policies.environment_endpoints import environment_endpoints
from bootstrap.policies.foundation import foundation
from bootstrap.policies.github import deploy_entry, preview_in_hub, preview_of_networks
from bootstrap.policies.hub import hub, hub_functions
from bootstrap.policies.network import network
from bootstrap.policies.operators import (
    operator_in_hub,
    operator_in_pipelines,
    operator_inventory,
    operator_on_models,
    operator_on_replication,
    operator_on_results,
)
from bootstrap.policies.pipeline_networks import pipeline_networks
from bootstrap.policies.pipelines import pipelines
from bootstrap.policies.private_network import private_network
from bootstrap.policies.scope import Scope
from bootstrap.policies.transit_gateways import transit_gateways
from components.aws.policy_document import MANAGED_POLICY_LIMIT, Statement, policy_document


def deploy_policies(scope: Scope) -> dict[str, str]:
    """The deploy role's managed policies in the account, by the end of their name."""
    parts = {"foundation": foundation(scope)} if scope.has_parts else {}
    if scope.has_hub:
        parts |= {
            "hub": hub(scope),
            "hub-functions": hub_functions(scope),
            "network": network(scope),
        }
    if scope.has_hub and scope.is_private:
        parts["private-network"] = private_network(scope)
    if scope.has_hub and scope.has_transit_gateways:
        parts["transit-gateways"] = transit_gateways(scope)
    of_endpoints = scope.network_of_endpoints
    if of_endpoints is not None and of_endpoints.endpoints is not None:
        parts["environment-endpoints"] = environment_endpoints(
            scope, of_endpoints, of_endpoints.endpoints
        )
    if scope.has_pipelines:
        parts["pipelines"] = pipelines(scope)
    if scope.has_networks:
        parts["pipeline-networks"] = pipeline_networks(scope)
    return {name: _managed(name, statements) for name, statements in parts.items()}


def operator_policies(scope: Scope) -> dict[str, str]:
    """The operator role's managed policies in the account, by the end of their name."""
    parts = {"inventory": operator_inventory(scope)}
    if scope.has_hub:
        parts["hub"] = operator_in_hub(scope)
    if scope.has_hub and scope.backup_region is not None:
        parts["backup"] = operator_on_backups(scope, scope.backup_region)
    if scope.has_pipelines:
        parts |= {
            "pipelines": operator_in_pipelines(scope),
            "results": operator_on_results(scope),
            "models": operator_on_models(scope),
            "replication": operator_on_replication(scope),
        }
    return {name: _managed(name, statements) for name, statements in parts.items()}


def boundary_policy(scope: Scope) -> str:
    """The permissions boundary of the account's roles."""
    return _managed("boundary", boundary(scope))


def preview_policies(scope: Scope) -> dict[str, str]:
    """The preview role's managed policies in the account, by the end of their name."""
    parts = {}
    if scope.has_hub:
        parts["hub"] = preview_in_hub(scope)
    if scope.has_networks:
        parts["networks"] = preview_of_networks()
    return {name: _managed(name, statements) for name, statements in parts.items()}


def entry_policies(scope: Scope, deploy_role_arns: Sequence[str]) -> dict[str, str]:
    """The managed policies of the role by which GitHub's deployment enters the hub's account."""
    return {"hub": _managed("entry", deploy_entry(scope, deploy_role_arns))}


def _managed(name: str, statements: Sequence[Statement]) -> str:
    document = policy_document(statements)
    if len(document) > MANAGED_POLICY_LIMIT:
        raise ValueError(
            f"the policy {name} has {len(document)} characters: IAM takes at most "
            f"{MANAGED_POLICY_LIMIT}. Give the stack fewer Regions, accounts or images"
        )
    return document
