"""The roles of every account: who deploys, operates, previews, and enters from GitHub."""

from __future__ import annotations

import pulumi

from bootstrap.deploy_role import DeployRole, DeployRoleArgs
from bootstrap.github_access import GithubAccess, GithubAccessArgs
from bootstrap.operator_role import OperatorRole, OperatorRoleArgs
from bootstrap.options import Github, Options
from bootstrap.policies.scope import Scope
from bootstrap.policies.trusts import github_provider_arn
from bootstrap.preview_role import PreviewRole, PreviewRoleArgs
from components.aws.arns import account_root, role_arn
from components.aws.naming import Names
from components.providers import (
    deploy_role_arns,
    formerly,
    operator_role_arns,
    preview_role_arns,
)
from components.topology.model import Topology


class Roles:
    """Makes the roles of one account after the other."""

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
        former = formerly(f"{alias}-deploy", where)
        return DeployRole(f"{scope.account_id}-deploy", args, former).arn

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
        former = formerly(f"{alias}-operate", where)
        return OperatorRole(f"{scope.account_id}-operate", args, former).arn

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
        former = formerly(f"{alias}-preview", where)
        PreviewRole(f"{scope.account_id}-preview", args, former, after=provider)
