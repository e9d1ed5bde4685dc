"""The permissions boundary of an account's roles."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from bootstrap.policies.documents import boundary_policy
from bootstrap.policies.scope import Scope
from components.aws.arns import path_and_name


@dataclass(frozen=True, kw_only=True)
class PermissionsBoundaryArgs:
    """`scope` is the account, and its `boundary_arn` the policy that is made."""

    scope: Scope


class PermissionsBoundary(pulumi.ComponentResource):
    """A managed policy, which must be there before the first role of the stack."""

    def __init__(
        self, name: str, args: PermissionsBoundaryArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:PermissionsBoundary", name, None, opts)
        path, policy_name = path_and_name(args.scope.boundary_arn)
        aws.iam.Policy(
            f"{name}-policy",
            name=policy_name,
            path=path,
            description=f"The most that a role of {args.scope.prefix} may do",
            policy=boundary_policy(args.scope),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})
