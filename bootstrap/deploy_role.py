"""The role through which the stack is deployed to an account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from bootstrap.account_role import account_role
from bootstrap.policies.documents import deploy_policies
from bootstrap.policies.scope import Scope
from bootstrap.policies.trusts import principals, role_in_hub


@dataclass(frozen=True, kw_only=True)
class DeployRoleArgs:
    """`arn` names the role; `deployers` are the principals that may assume it.

    So may the role by which GitHub's deployment enters the hub's account, if there is one.
    """

    arn: str
    scope: Scope
    deployers: Sequence[str]
    github_role_arn: str | None


class DeployRole(pulumi.ComponentResource):
    """A role, and a managed policy for each part of the stack that the account holds."""

    arn: pulumi.Output[str]
    """The role's ARN."""

    def __init__(
        self, name: str, args: DeployRoleArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:DeployRole", name, None, opts)
        prefix = args.scope.prefix
        trust = [principals("Deployers", args.deployers, args.scope.organization_id)]
        if args.github_role_arn is not None:
            trust.append(role_in_hub("Github", args.github_role_arn, args.scope.organization_id))
        role = account_role(
            name,
            arn=args.arn,
            description=f"Deploys {prefix}",
            trust=trust,
            policy_description=f"What deploying {prefix} takes",
            policies=deploy_policies(args.scope),
            parent=self,
        )
        self.arn = role.arn
        self.register_outputs({"arn": self.arn})
