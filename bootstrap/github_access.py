"""How GitHub's workflows enter the hub's account: its provider, and the role for deployments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from bootstrap.account_role import account_role
from bootstrap.options import Github
from bootstrap.policies.documents import entry_policies
from bootstrap.policies.scope import Scope
from bootstrap.policies.trusts import AUDIENCE, GITHUB, github_jobs

LONGEST_DEPLOYMENT_SECONDS = 3 * 3600
"""An update of the environment takes up to an hour and a half, and a session isn't renewed."""


@dataclass(frozen=True, kw_only=True)
class GithubAccessArgs:
    """`arn` names the role for deployments, made where any job may deploy; `scope` is the hub's."""

    github: Github
    arn: str
    scope: Scope
    provider_arn: str
    deploy_role_arns: Sequence[str]


class GithubAccess(pulumi.ComponentResource):
    """GitHub's OpenID Connect provider, and a role that may assume every deploy role."""

    provider: aws.iam.OpenIdConnectProvider | None = None
    """GitHub's provider; None where the account has it already."""

    def __init__(
        self, name: str, args: GithubAccessArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:GithubAccess", name, None, opts)
        if not args.github.existing_provider:
            self.provider = aws.iam.OpenIdConnectProvider(
                f"{name}-provider",
                url=f"https://{GITHUB}",
                client_id_lists=[AUDIENCE],
                opts=pulumi.ResourceOptions(parent=self),
            )
        subject = args.github.deploy_subject
        if subject is not None:
            prefix = args.scope.prefix
            account_role(
                f"{name}-deploy",
                arn=args.arn,
                description=f"Assumes the deploy roles of {prefix}",
                trust=[github_jobs("Deployments", args.provider_arn, subject)],
                policy_description=f"What entering to deploy {prefix} takes",
                policies=entry_policies(args.scope, args.deploy_role_arns),
                parent=self,
                after=self.provider,
                longest_session_seconds=LONGEST_DEPLOYMENT_SECONDS,
            )
        self.register_outputs({})
