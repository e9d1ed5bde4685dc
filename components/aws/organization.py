"""The conditions that principal and resource belong to the organization of the accounts, if any.

Where a statement trusts an AWS service there is none: a service belongs to no organization. Nothing
here imports Pulumi.
"""

from __future__ import annotations

from components.aws.policy_document import Statement, statement
from components.aws.secure_bucket_policy import EVERY_PRINCIPAL


def of_principal(organization_id: str | None) -> dict[str, str]:
    """What a principal of another account has to equal, under `StringEquals`."""
    return {} if organization_id is None else {"aws:PrincipalOrgID": organization_id}


def of_resource(organization_id: str | None) -> dict[str, str]:
    """What a resource that may be another account's has to equal, under `StringEquals`."""
    return {} if organization_id is None else {"aws:ResourceOrgID": organization_id}


def no_outsiders(bucket_arn: str, account_id: str, organization_id: str | None) -> list[Statement]:
    """Refuses every principal outside the organization, and lets AWS's services through.

    The bucket's own account is let through, too: otherwise a wrong id, or another organization of
    the account, would keep its administrator from repairing the policy.

    A key's policy has no such statement: AWS doesn't say whether KMS knows the organization when it
    checks that a new policy doesn't lock its caller out.
    """
    if organization_id is None:
        return []
    return [
        statement(
            "DenyOutsideOrganization",
            "s3:*",
            [bucket_arn, f"{bucket_arn}/*"],
            {
                # A denial takes both: keys of one operator are joined by "and".
                "StringNotEquals": {
                    **of_principal(organization_id),
                    "aws:PrincipalAccount": account_id,
                },
                "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
            },
            EVERY_PRINCIPAL,
            effect="Deny",
        )
    ]
