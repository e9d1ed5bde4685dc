"""The trust of a cross-account role: the hub's execution role, and no other principal.

Nothing here imports Pulumi.
"""

from __future__ import annotations

from components.aws.arns import account_root
from components.aws.organization import of_principal
from components.aws.policy_document import policy_document, statement


def hub_trust(
    *,
    region: str,
    hub_account_id: str,
    execution_role_arn: str,
    external_id: str,
    organization_id: str | None,
) -> str:
    """The trust policy; `region` only tells the partition.

    The principal is the hub's account because AWS refuses a role that doesn't exist yet, and
    replaces one that is deleted by its id, which a new role doesn't have. The condition narrows it
    to the execution role by name, which holds before the role exists and after it is recreated. The
    ExternalId keeps a third party from having the hub use this role for it.
    """
    return policy_document(
        [
            statement(
                "HubExecutionRole",
                "sts:AssumeRole",
                [],
                {
                    "ArnEquals": {"aws:PrincipalArn": execution_role_arn},
                    "StringEquals": {
                        "sts:ExternalId": external_id,
                        **of_principal(organization_id),
                    },
                },
                principals={"AWS": account_root(region, hub_account_id)},
            )
        ]
    )
