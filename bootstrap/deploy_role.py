"""The role through which the stack is deployed to an account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from bootstrap.policies.documents import deploy_policies, deploy_trust
from bootstrap.policies.scope import Scope
from components.aws.arns import path_and_name


@dataclass(frozen=True, kw_only=True)
class DeployRoleArgs:
    """`arn` names the role; `deployers` are the principals that may assume it."""

    arn: str
    scope: Scope
    deployers: Sequence[str]


class DeployRole(pulumi.ComponentResource):
    """A role, and a managed policy for each part of the stack that the account holds."""

    arn: pulumi.Output[str]
    """The role's ARN."""

    def __init__(
        self, name: str, args: DeployRoleArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:DeployRole", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        path, role_name = path_and_name(args.arn)
        role = aws.iam.Role(
            f"{name}-role",
            name=role_name,
            path=path,
            description=f"Deploys {args.scope.prefix}",
            assume_role_policy=deploy_trust(args.deployers),
            opts=child,
        )
        for part, document in deploy_policies(args.scope).items():
            policy = aws.iam.Policy(
                f"{name}-{part}-policy",
                name=f"{role_name}-{part}",
                description=f"What deploying {args.scope.prefix} takes: {part}",
                policy=document,
                opts=child,
            )
            aws.iam.RolePolicyAttachment(
                f"{name}-{part}-attachment", role=role.name, policy_arn=policy.arn, opts=child
            )
        self.arn = role.arn
        self.register_outputs({"arn": self.arn})
