"""The bootstrap of a stack's accounts, as a Pulumi program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws

from bootstrap.accounts import scopes
from bootstrap.deploy_role import DeployRole, DeployRoleArgs
from bootstrap.github_access import GithubAccess, GithubAccessArgs
from bootstrap.operator_role import OperatorRole, OperatorRoleArgs
from bootstrap.options import Github, Options
from bootstrap.permissions_boundary import PermissionsBoundary, PermissionsBoundaryArgs
from bootstrap.policies.scope import Scope
from bootstrap.policies.trusts import github_provider_arn
from bootstrap.preview_role import PreviewRole, PreviewRoleArgs
from bootstrap.state_store import StateStore, StateStoreArgs
from components.aws.arns import account_root, role_arn
from components.aws.naming import Names
from components.providers import (
    deploy_role_arns,
    endpoint_access,
    operator_role_arns,
    preview_role_arns,
)
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
    tags = {"project": names.project, "stack": names.stack, **topology.tags}
    roles = _Roles(topology, names, options)
    deploying, operating = {}, {}
    for alias, scope in scopes(topology, names).items():
        access = _access(scope.account_id, topology.hub.region, options, endpoint)
        where = _in_account(alias, scope.account_id, topology.hub.region, tags, access)
        if makes_boundary:
            PermissionsBoundary(f"{alias}-boundary", PermissionsBoundaryArgs(scope=scope), where)
        deploying[alias] = roles.deploy(alias, scope, where)
        operating[alias] = roles.operate(alias, scope, where)
        if options.github is not None:
            roles.github(alias, scope, options.github, where)
        if scope.has_hub:
            store = StateStore(
                "state",
                StateStoreArgs(
                    names=names,
                    account_id=hub.id,
                    region=topology.hub.region,
                    organization_id=topology.organization_id,
                ),
                where,
            )
            pulumi.export("state_backend_url", store.backend_url)
            pulumi.export("state_secrets_provider", store.secrets_provider)
    pulumi.export("deploy_role_arns", deploying)
    pulumi.export("operator_role_arns", operating)
    if options.github is not None:
        pulumi.export("preview_role_arn", preview_role_arns(topology, names)[hub.id])
        pulumi.export("github_role_arn", roles.github_role_arn)


class _Roles:
    """The roles of every account."""

    github_role_arn: str | None
    """The role by which GitHub's deployment enters; None where no workflow may deploy."""

    def __init__(self, topology: Topology, names: Names, options: Options) -> None:
        hub_id, region = topology.accounts[topology.hub.account].id, topology.hub.region
        self._options = options
        self._hub_id = hub_id
        self._anyone = [account_root(region, hub_id)]
        self._deploy = deploy_role_arns(topology, names)
        self._operator = operator_role_arns(topology, names)
        self._preview = preview_role_arns(topology, names)
        self._provider_arn = github_provider_arn(region, hub_id)
        self._entry_arn = role_arn(region, hub_id, names.github_role)
        may_deploy = options.github is not None and options.github.deploy_subject is not None
        self.github_role_arn = self._entry_arn if may_deploy else None

    def deploy(self, alias: str, scope: Scope, where: pulumi.ResourceOptions) -> pulumi.Output[str]:
        """The role that deploys to the account."""
        args = DeployRoleArgs(
            arn=self._deploy[scope.account_id],
            scope=scope,
            deployers=self._options.deployers or self._anyone,
            github_role_arn=self.github_role_arn,
        )
        return DeployRole(f"{alias}-deploy", args, where).arn

    def operate(
        self, alias: str, scope: Scope, where: pulumi.ResourceOptions
    ) -> pulumi.Output[str]:
        """The role that people work as in the account."""
        args = OperatorRoleArgs(
            arn=self._operator[scope.account_id],
            hub_arn=self._operator[self._hub_id],
            scope=scope,
            operators=self._options.operators or self._anyone,
        )
        return OperatorRole(f"{alias}-operate", args, where).arn

    def github(
        self, alias: str, scope: Scope, github: Github, where: pulumi.ResourceOptions
    ) -> None:
        """The account's preview role and, in the hub's account, how GitHub enters."""
        provider = None
        if scope.has_hub:
            access = GithubAccessArgs(
                github=github,
                arn=self._entry_arn,
                scope=scope,
                provider_arn=self._provider_arn,
                deploy_role_arns=[self._deploy[each] for each in scope.account_ids],
            )
            provider = GithubAccess("github", access, where).provider
        args = PreviewRoleArgs(
            arn=self._preview[scope.account_id],
            hub_arn=self._preview[self._hub_id],
            scope=scope,
            provider_arn=self._provider_arn,
            subject=github.preview_subject,
        )
        PreviewRole(f"{alias}-preview", args, where, after=provider)


def _access(account_id: str, region: str, options: Options, endpoint: str | None) -> dict[str, Any]:
    """How the administrator enters an account."""
    if endpoint is not None:
        return endpoint_access(account_id, endpoint)
    if options.administrator_role is None:
        return {}
    role = role_arn(region, account_id, options.administrator_role)
    return {"assume_roles": [aws.ProviderAssumeRoleArgs(role_arn=role)]}


def _in_account(
    alias: str, account_id: str, region: str, tags: Mapping[str, str], access: Mapping[str, Any]
) -> pulumi.ResourceOptions:
    provider = aws.Provider(
        f"{alias}-administrator",
        region=region,
        allowed_account_ids=[account_id],
        default_tags=aws.ProviderDefaultTagsArgs(tags=dict(tags)),
        opts=pulumi.ResourceOptions(replacement_trigger=account_id),
        **access,
    )
    return pulumi.ResourceOptions(provider=provider)
