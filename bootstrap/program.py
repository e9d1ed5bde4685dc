"""The bootstrap of a stack's accounts, as a Pulumi program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws

from bootstrap.accounts import scopes
from bootstrap.options import Options
from bootstrap.permissions_boundary import PermissionsBoundary, PermissionsBoundaryArgs
from bootstrap.policies.documents import boundary_policy
from bootstrap.policies.scope import Scope
from bootstrap.roles import Roles
from bootstrap.state_store import StateStore, StateStoreArgs
from clients.tags import BOOTSTRAP, MADE_BY
from components.aws.arns import role_arn
from components.aws.naming import Names
from components.providers import endpoint_access, formerly, preview_role_arns
from components.topology.model import Topology


def bootstrap(
    topology: Topology,
    names: Names,
    options: Options,
    *,
    makes_boundary: bool,
    endpoint: str | None = None,
) -> None:
    """Register everything; `endpoint` answers for all of AWS instead of AWS itself, if any.

    `makes_boundary` is false where an organization has a boundary of its own.
    """
    hub = topology.accounts[topology.hub.account]
    own = {"project": names.project, "stack": names.stack}
    tags = {**own, **topology.tags, MADE_BY: BOOTSTRAP}
    roles = Roles(topology, names, options)
    deploying, operating = {}, {}
    for alias, scope in scopes(topology, names, state_region=options.state_region).items():
        access = _access(scope.account_id, topology.hub.region, options, endpoint)
        former = formerly(f"{alias}-administrator", pulumi.ResourceOptions())
        where = _in_account("", scope.account_id, topology.hub.region, tags, access, former=former)
        if makes_boundary:
            _boundaries(alias, scope, where)
        deploying[alias] = roles.deploy(alias, scope, where)
        operating[alias] = roles.operate(alias, scope, where)
        if options.github is not None:
            roles.github(alias, scope, options.github, where)
        if scope.has_hub:
            # A provider of its own even where the hub has moved into that Region: another one
            # would replace the store.
            there = (
                where
                if options.state_region is None
                else _in_account("-state", scope.account_id, scope.state_region, tags, access)
            )
            _state(scope, there)
    pulumi.export("deploy_role_arns", deploying)
    pulumi.export("operator_role_arns", operating)
    if options.github is not None:
        pulumi.export("preview_role_arn", preview_role_arns(topology, names)[hub.id])
        pulumi.export("github_role_arn", roles.github_role_arn)


def _state(scope: Scope, where: pulumi.ResourceOptions) -> None:
    """Where Pulumi keeps the stack's state: in the hub's account, in the state's Region."""
    args = StateStoreArgs(
        names=scope.names,
        account_id=scope.account_id,
        region=scope.state_region,
        organization_id=scope.organization_id,
    )
    store = StateStore("state", args, where)
    pulumi.export("state_backend_url", store.backend_url)
    pulumi.export("state_secrets_provider", store.secrets_provider)


def _boundaries(alias: str, scope: Scope, where: pulumi.ResourceOptions) -> None:
    """The boundary of the account's roles, and one for each access, equal to its policy."""
    args = PermissionsBoundaryArgs(
        arn=scope.boundary_arn,
        description=f"The most that a role of {scope.prefix} may do",
        document=boundary_policy(scope),
    )
    former = formerly(f"{alias}-boundary", where)
    PermissionsBoundary(f"{scope.account_id}-boundary", args, former)
    for access, document in scope.access_policies.items():
        args = PermissionsBoundaryArgs(
            arn=scope.access_boundary_arn(access),
            description=f"The most that the role of {access} in {scope.prefix} may do",
            document=document,
        )
        former = formerly(f"{alias}-boundary-{access}", where)
        PermissionsBoundary(f"{scope.account_id}-boundary-{access}", args, former)


def _access(account_id: str, region: str, options: Options, endpoint: str | None) -> dict[str, Any]:
    """How the administrator enters an account."""
    if endpoint is not None:
        return endpoint_access(account_id, endpoint)
    if options.administrator_role is None:
        return {}
    role = role_arn(region, account_id, options.administrator_role)
    return {"assume_roles": [aws.ProviderAssumeRoleArgs(role_arn=role)]}


def _in_account(
    suffix: str,
    account_id: str,
    region: str,
    tags: Mapping[str, str],
    access: Mapping[str, Any],
    *,
    former: pulumi.ResourceOptions | None = None,
) -> pulumi.ResourceOptions:
    """Work as the account's administrator; `suffix` tells several providers of it apart."""
    provider = aws.Provider(
        f"{account_id}{suffix}-administrator",
        region=region,
        allowed_account_ids=[account_id],
        default_tags=aws.ProviderDefaultTagsArgs(tags=dict(tags)),
        opts=pulumi.ResourceOptions.merge(
            former, pulumi.ResourceOptions(replacement_trigger=account_id)
        ),
        **access,
    )
    return pulumi.ResourceOptions(provider=provider)
