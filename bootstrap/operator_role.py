"""The role that people work as in an account once the stack is deployed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from bootstrap.account_role import account_role
from bootstrap.policies.documents import operator_policies
from bootstrap.policies.scope import Scope
from bootstrap.policies.trusts import principals, role_in_hub


@dataclass(frozen=True, kw_only=True)
class OperatorRoleArgs:
    """`arn` names the role; `hub_arn` is the one in the hub's account.

    `operators` are the principals that may assume that one, and it alone may assume the others.
    """

    arn: str
    hub_arn: str
    scope: Scope
    operators: Sequence[str]


class OperatorRole(pulumi.ComponentResource):
    """A role, and a managed policy for each part of the stack that the account holds."""

    arn: pulumi.Output[str]
    """The role's ARN."""

    def __init__(
        self, name: str, args: OperatorRoleArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:OperatorRole", name, None, opts)
        prefix = args.scope.prefix
        role = account_role(
            name,
            arn=args.arn,
            description=f"Starts and follows the runs of {prefix}",
            trust=[
                principals("Operators", args.operators, args.scope.organization_id)
                if args.scope.has_hub
                else role_in_hub("HubOperators", args.hub_arn, args.scope.organization_id)
            ],
            policy_description=f"What operating {prefix} takes",
            policies=operator_policies(args.scope),
            parent=self,
        )
        self.arn = role.arn
        self.register_outputs({"arn": self.arn})
