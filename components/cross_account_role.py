"""A pipeline's cross-account role: what the hub may do there, and with which ExternalId."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_random as random

from components.iam_cross_account_role import hub_trust
from components.inline_policy import inline_policy
from components.policy_document import Statement
from components.service_role import service_role

EXTERNAL_ID_LENGTH = 40
"""Characters; letters and digits alone make it well over 128 bits, and STS takes up to 1,224."""


@dataclass(frozen=True, kw_only=True)
class CrossAccountRoleArgs:
    """`region` is the pipeline's own; `execution_role_arn` is computed, not waited for.

    `statements` are everything the role may do. `random_provider` makes the ExternalId.
    """

    role_name: str
    region: str
    hub_account_id: str
    execution_role_arn: str
    statements: pulumi.Input[Sequence[Statement]]
    random_provider: random.Provider
    permissions_boundary_arn: str | None = None


class CrossAccountRole(pulumi.ComponentResource):
    """The role that the hub's execution role assumes to work in a pipeline's account."""

    arn: pulumi.Output[str]
    """The role's ARN."""

    external_id: pulumi.Output[str]
    """The ExternalId to assume it with: a secret, kept in state and in the connection only."""

    def __init__(
        self, name: str, args: CrossAccountRoleArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:cross_account_role:CrossAccountRole", name, None, opts)
        password = random.RandomPassword(
            f"{name}-external-id",
            length=EXTERNAL_ID_LENGTH,
            # STS takes few special characters, and letters and digits are enough.
            special=False,
            opts=pulumi.ResourceOptions(parent=self, provider=args.random_provider),
        )
        self.external_id = pulumi.Output.secret(password.result)
        made = service_role(
            name,
            role_name=args.role_name,
            description="What the Airflow hub may do for this pipeline",
            trust=self.external_id.apply(lambda external_id: _trust(args, external_id)),
            policy=pulumi.Output.from_input(args.statements).apply(
                lambda statements: inline_policy(args.role_name, statements)
            ),
            permissions_boundary_arn=args.permissions_boundary_arn,
            parent=self,
        )
        self.arn = made.role.arn
        self.register_outputs({"arn": self.arn, "external_id": self.external_id})


def _trust(args: CrossAccountRoleArgs, external_id: str) -> str:
    return hub_trust(
        region=args.region,
        hub_account_id=args.hub_account_id,
        execution_role_arn=args.execution_role_arn,
        external_id=external_id,
    )
