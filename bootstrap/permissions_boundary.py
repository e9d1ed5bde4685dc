"""The permissions boundary of an account's roles, or of an access's role."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aws.arns import path_and_name


@dataclass(frozen=True, kw_only=True)
class PermissionsBoundaryArgs:
    """`arn` names the policy, which is `document`; `description` says whose boundary it is."""

    arn: str
    description: str
    document: str


class PermissionsBoundary(pulumi.ComponentResource):
    """A managed policy, which must be there before the first role of the stack."""

    def __init__(
        self, name: str, args: PermissionsBoundaryArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:PermissionsBoundary", name, None, opts)
        path, policy_name = path_and_name(args.arn)
        aws.iam.Policy(
            f"{name}-policy",
            name=policy_name,
            path=path,
            description=args.description,
            policy=args.document,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})
