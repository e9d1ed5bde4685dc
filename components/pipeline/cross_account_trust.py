"""The trust of a cross-account role: the hub's execution role and its rotation function's.

Nothing here imports Pulumi.
"""

from __future__ import annotations

from collections.abc import Sequence

from components.aws.arns import account_root
from components.aws.organization import of_principal
from components.aws.policy_document import policy_document, statement


def hub_trust(
    *,
    region: str,
    hub_account_id: str,
    role_arns: Sequence[str],
    external_ids: Sequence[str],
    organization_id: str | None,
) -> str:
    """The trust policy; `region` only tells the partition.

    The principal is the hub's account because AWS refuses a role that doesn't exist yet, and
    replaces one that is deleted by its id, which a new role doesn't have. The condition narrows it
    to `role_arns` by name, which holds before a role exists and after it is recreated. The
    ExternalIds keep a third party from having the hub use this role for it; one is in use, and the
    others are for rotations.
    """
    return policy_document(
        [
            statement(
                "HubRoles",
                "sts:AssumeRole",
                [],
                {
                    "ArnEquals": {"aws:PrincipalArn": list(role_arns)},
                    "StringEquals": {
                        "sts:ExternalId": list(external_ids),
                        **of_principal(organization_id),
                    },
                },
                principals={"AWS": account_root(region, hub_account_id)},
            )
        ]
    )
