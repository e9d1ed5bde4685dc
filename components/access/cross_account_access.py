"""An access: the role that the hub assumes for a team's own work in some account and Region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.aws.naming import CROSS_ACCOUNT_ROLE
from components.aws.policy_document import Statement
from components.pipeline.connected_role import ConnectedRole, connected_role
from components.pipeline.connection_names import connection_id
from components.pipeline.cross_account_role import CrossAccountRole, CrossAccountRoleArgs
from components.pipeline.site import PipelineSite


@dataclass(frozen=True, kw_only=True)
class CrossAccountAccessArgs:
    """`site` is the access's account and Region; `statements` are all that it may do there."""

    site: PipelineSite
    statements: Sequence[Statement]


class CrossAccountAccess(pulumi.ComponentResource):
    """A cross-account role like a pipeline's, and nothing else in its account."""

    connected: ConnectedRole
    """What the connections tell the hub and the DAGs of it."""

    outputs: Mapping[str, pulumi.Output[str] | str]
    """What the stack exports of it."""

    def __init__(
        self, name: str, args: CrossAccountAccessArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:CrossAccountAccess", name, None, opts)
        role = CrossAccountRole(
            f"{name}-{CROSS_ACCOUNT_ROLE}",
            CrossAccountRoleArgs(
                site=args.site, statements=pulumi.Output.from_input(args.statements)
            ),
            pulumi.ResourceOptions(parent=self),
        )
        self.connected = connected_role(args.site, role)
        self.outputs = {
            "account_id": args.site.account_id,
            "region": args.site.region,
            "connection_id": connection_id(name),
            "cross_account_role_arn": role.arn,
        }
        self.register_outputs(dict(self.outputs))
