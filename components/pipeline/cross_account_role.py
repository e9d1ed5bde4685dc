"""A pipeline's cross-account role: what the hub may do there, and with which ExternalId."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_random as random

from components.aws.naming import CROSS_ACCOUNT_ROLE
from components.aws.policy_document import Statement
from components.pipeline.cross_account_trust import hub_trust
from components.pipeline.role import pipeline_role
from components.pipeline.site import PipelineSite

EXTERNAL_ID_LENGTH = 40
"""Characters; letters and digits alone make it well over 128 bits, and STS takes up to 1,224."""


@dataclass(frozen=True, kw_only=True)
class CrossAccountRoleArgs:
    """`site` is the pipeline that the role lets the hub into; `statements` are all it may do."""

    site: PipelineSite
    statements: pulumi.Output[Sequence[Statement]]


class CrossAccountRole(pulumi.ComponentResource):
    """The role that the hub's execution role assumes to work in a pipeline's account."""

    arn: pulumi.Output[str]
    """The role's ARN."""

    external_id: pulumi.Output[str]
    """The ExternalId to assume it with: a secret, kept in state and in the connection only."""

    def __init__(
        self, name: str, args: CrossAccountRoleArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:CrossAccountRole", name, None, opts)
        password = random.RandomPassword(
            f"{name}-external-id",
            length=EXTERNAL_ID_LENGTH,
            # STS takes few special characters, and letters and digits are enough.
            special=False,
            opts=pulumi.ResourceOptions(parent=self, provider=args.site.settings.random_provider),
        )
        self.external_id = pulumi.Output.secret(password.result)
        made = pipeline_role(
            name,
            site=args.site,
            purpose=CROSS_ACCOUNT_ROLE,
            description=f"What the Airflow hub may do for {args.site.name}",
            trust=self.external_id.apply(lambda external_id: _trust(args.site, external_id)),
            statements=args.statements,
            parent=self,
        )
        self.arn = made.role.arn
        self.register_outputs({"arn": self.arn, "external_id": self.external_id})


def _trust(site: PipelineSite, external_id: str) -> str:
    return hub_trust(
        region=site.region,
        hub_account_id=site.settings.hub_account_id,
        execution_role_arn=site.settings.execution_role_arn,
        external_id=external_id,
        organization_id=site.settings.organization_id,
    )
