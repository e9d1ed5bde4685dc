"""The template of one stack's bootstrap.

One template serves every account: what differs is looked up by the id of the account that it is
deployed in, which stands for itself in every policy.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bootstrap.accounts import scopes
from bootstrap.cloudformation.github import github
from bootstrap.cloudformation.parts import (
    ACCOUNT,
    document,
    parameter_trust,
    policies,
    role,
    trusting,
)
from bootstrap.cloudformation.state import state
from bootstrap.options import Options
from bootstrap.policies.documents import boundary_policy, deploy_policies, operator_policies
from bootstrap.policies.scope import Scope
from bootstrap.policies.trusts import role_in_hub
from components.aws.arns import account_root, policy_arn, role_arn
from components.aws.naming import Names
from components.providers import deploy_role_arns, operator_role_arns
from components.topology.model import Topology


def template(topology: Topology, names: Names, options: Options) -> dict[str, Any]:
    """The template; a ValueError where the topology names roles or a boundary of its own.

    Of the options, only GitHub's are in it: parameters name who deploys and operates.
    """
    if topology.permissions_boundary or any(
        account.deploy_role_arn for account in topology.accounts.values()
    ):
        raise ValueError(
            "the template makes the deploy roles and the boundary under names of its own: remove"
            " deploy_role_arn and permissions_boundary from the topology"
        )
    hub_id, region = topology.accounts[topology.hub.account].id, topology.hub.region
    if options.state_region not in (None, region):
        raise ValueError(
            f"state_region: found {options.state_region}; expected {region}, the hub's, as a "
            "template makes everything in one Region: use `pulumi -C bootstrap up` instead"
        )
    found = scopes(topology, names)
    scope = _any_account(found, names)
    entry_arn = None
    of_github: dict[str, Any] = {}
    if options.github is not None:
        deploying = deploy_role_arns(topology, names)
        deploy_arns = [deploying[each] for each in scope.account_ids]
        of_github = github(options.github, scope, hub_id, deploy_arns)
        if options.github.deploy_subject is not None:
            entry_arn = role_arn(region, hub_id, names.github_role)
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"Prepares an account for {names.prefix}",
        "Parameters": {
            "Deployers": _principals(
                account_root(region, hub_id), "The principals that may assume the deploy role"
            ),
            "Operators": _principals(
                account_root(region, hub_id),
                "The principals that may assume the hub's operator role",
            ),
        },
        "Mappings": {"Accounts": {each.account_id: _facts(scope, each) for each in found.values()}},
        "Conditions": {name: _condition(name) for name in _facts(scope, scope)},
        "Resources": {
            **_boundary(scope),
            **_access_boundaries(scope),
            **_deploy_role(scope, entry_arn),
            **_operator_role(scope, operator_role_arns(topology, names)[hub_id]),
            **of_github,
            **state(scope),
        },
        "Outputs": {
            **{f"{each}Arn": _arn_of(each) for each in ("DeployRole", "OperatorRole")},
            **{
                f"{each}Arn": {"Condition": "IsHub", **_arn_of(each)}
                for each in ("PreviewRole", "GithubRole")
                if each in of_github
            },
        },
    }


def _arn_of(resource: str) -> dict[str, Any]:
    return {"Value": {"Fn::GetAtt": [resource, "Arn"]}}


def _principals(default: str, description: str) -> dict[str, str]:
    return {"Type": "CommaDelimitedList", "Default": default, "Description": description}


def _any_account(found: Mapping[str, Scope], names: Names) -> Scope:
    """A scope of all that any account has, whose id is the one of the deployment."""
    first = next(iter(found.values()))
    return replace(
        first,
        account_id=ACCOUNT,
        boundary_arn=policy_arn(first.hub_region, ACCOUNT, names.boundary),
        images=tuple(sorted({image for each in found.values() for image in each.images})),
        access_policies={
            access: text for each in found.values() for access, text in each.access_policies.items()
        },
        network_of_endpoints=next(
            (each.network_of_endpoints for each in found.values() if each.network_of_endpoints),
            None,
        ),
        has_parts=True,
        has_hub=True,
        has_pipelines=True,
        has_networks=any(each.has_networks for each in found.values()),
    )


def _facts(all_: Scope, scope: Scope) -> dict[str, str]:
    """What an account has of all that the stack's accounts have."""
    facts = {
        "IsHub": scope.has_hub,
        "HasParts": scope.has_parts,
        "HasPipelines": scope.has_pipelines,
    }
    if all_.network_of_endpoints:
        facts["HasEndpoints"] = scope.network_of_endpoints is not None
    if all_.has_networks:
        facts["HasNetworks"] = scope.has_networks
    facts |= {_fact(access): access in scope.access_policies for access in all_.access_policies}
    return {name: str(holds).lower() for name, holds in facts.items()}


def _fact(access: str) -> str:
    return f"HasAccess{access.capitalize()}"


def _condition(name: str) -> dict[str, Any]:
    return {
        "Fn::Equals": [{"Fn::FindInMap": ["Accounts", {"Ref": "AWS::AccountId"}, name]}, "true"]
    }


def _boundary(scope: Scope) -> dict[str, Any]:
    return {
        "Boundary": {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {
                "ManagedPolicyName": scope.names.boundary,
                "PolicyDocument": document(boundary_policy(scope)),
            },
        }
    }


def _access_boundaries(scope: Scope) -> dict[str, Any]:
    return {
        f"BoundaryOfAccess{access.capitalize()}": {
            "Type": "AWS::IAM::ManagedPolicy",
            "Condition": _fact(access),
            "Properties": {
                "ManagedPolicyName": scope.names.access_boundary(access),
                # As it is: `${` in it is a variable of IAM's.
                "PolicyDocument": json.loads(text),
            },
        }
        for access, text in scope.access_policies.items()
    }


def _deploy_role(scope: Scope, entry_arn: str | None) -> dict[str, Any]:
    name = scope.names.deploy_role
    trust = [parameter_trust("Deployers", scope.organization_id)]
    if entry_arn is not None:
        trust.append(role_in_hub("Github", entry_arn, scope.organization_id))
    return {
        "DeployRole": role(name, f"Deploys {scope.prefix}", trusting(trust)),
        **policies("DeployRole", name, deploy_policies(scope)),
    }


def _operator_role(scope: Scope, hub_arn: str) -> dict[str, Any]:
    name = scope.names.operator_role
    trust = {
        "Fn::If": [
            "IsHub",
            trusting([parameter_trust("Operators", scope.organization_id)]),
            trusting([role_in_hub("HubOperators", hub_arn, scope.organization_id)]),
        ]
    }
    return {
        "OperatorRole": role(name, f"Starts and follows the runs of {scope.prefix}", trust),
        **policies("OperatorRole", name, operator_policies(scope)),
    }
