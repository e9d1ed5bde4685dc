"""A pipeline's cross-account role: what the hub may do there, and with which ExternalIds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.aws.naming import CROSS_ACCOUNT_ROLE
from components.aws.policy_document import Statement
from components.pipeline.cross_account_trust import hub_trust
from components.pipeline.external_ids import ring
from components.pipeline.role import pipeline_role
from components.pipeline.site import PipelineSite


@dataclass(frozen=True, kw_only=True)
class CrossAccountRoleArgs:
    """`site` is the pipeline that the role lets the hub into; `statements` are all it may do."""

    site: PipelineSite
    statements: pulumi.Output[Sequence[Statement]]


class CrossAccountRole(pulumi.ComponentResource):
    """The role that the hub's execution role assumes to work in a pipeline's account."""

    arn: pulumi.Output[str]
    """The role's ARN."""

    external_ids: pulumi.Output[list[str]]
    """The ExternalIds to assume it with, the one in use first, once the role trusts them: secret,
    kept in state and in the hub's secrets only."""

    def __init__(
        self, name: str, args: CrossAccountRoleArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:CrossAccountRole", name, None, opts)
        external_ids = ring(name, args.site, self)
        made = pipeline_role(
            name,
            site=args.site,
            purpose=CROSS_ACCOUNT_ROLE,
            description=f"What the Airflow hub may do for {args.site.name}",
            trust=external_ids.apply(lambda given: _trust(args.site, given)),
            statements=args.statements,
            parent=self,
        )
        self.arn = made.role.arn
        self.external_ids = pulumi.Output.all(external_ids, self.arn).apply(lambda both: both[0])
        self.register_outputs({"arn": self.arn, "external_ids": self.external_ids})


def _trust(site: PipelineSite, external_ids: Sequence[str]) -> str:
    return hub_trust(
        region=site.region,
        hub_account_id=site.settings.hub_account_id,
        role_arns=[site.settings.execution_role_arn, site.settings.rotation_role_arn],
        external_ids=external_ids,
        organization_id=site.settings.organization_id,
    )
