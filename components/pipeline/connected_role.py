"""What a cross-account role's owner hands to the connections: how the hub reaches it."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components.aws.naming import CROSS_ACCOUNT_ROLE
from components.pipeline.cross_account_role import CrossAccountRole
from components.pipeline.site import PipelineSite


@dataclass(frozen=True, kw_only=True)
class ConnectedRole:
    """A role in some account and Region as the hub sees it."""

    account_id: str
    region: str
    cross_account_role_name: str
    """Computed, so that a policy may name the role before it exists."""
    cross_account_role_arn: pulumi.Output[str]
    external_ids: pulumi.Output[list[str]]
    """The ExternalIds that the role's trust policy takes, the one in use first: secret."""


def connected_role(site: PipelineSite, role: CrossAccountRole) -> ConnectedRole:
    """Describe a role alone."""
    return ConnectedRole(
        account_id=site.account_id,
        region=site.region,
        cross_account_role_name=site.role_name(CROSS_ACCOUNT_ROLE),
        cross_account_role_arn=role.arn,
        external_ids=role.external_ids,
    )
