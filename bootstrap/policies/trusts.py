"""Who may assume the roles that the bootstrap makes."""

from __future__ import annotations

from collections.abc import Sequence

from components.aws.organization import of_principal
from components.aws.partitions import partition_of
from components.aws.policy_document import Statement, statement

GITHUB = "token.actions.githubusercontent.com"
"""The issuer of the tokens that GitHub gives to a workflow's jobs."""

AUDIENCE = "sts.amazonaws.com"
"""The audience that `aws-actions/configure-aws-credentials` asks for."""


def principals(sid: str, arns: Sequence[str], organization_id: str | None) -> Statement:
    """Trusts these principals."""
    condition = _in_organization(organization_id)
    return statement(sid, "sts:AssumeRole", [], condition, principals={"AWS": arns})


def role_in_hub(sid: str, arn: str, organization_id: str | None) -> Statement:
    """Trusts one role of the hub's account.

    Its account is the principal, as AWS refuses a role that doesn't exist yet.
    """
    root = f"{arn.partition(':role/')[0]}:root"
    condition = {"ArnEquals": {"aws:PrincipalArn": arn}, **_in_organization(organization_id)}
    return statement(sid, "sts:AssumeRole", [], condition, principals={"AWS": root})


def _in_organization(organization_id: str | None) -> dict[str, dict[str, str]]:
    condition = of_principal(organization_id)
    return {"StringEquals": condition} if condition else {}


def github_jobs(sid: str, provider_arn: str, subject: str) -> Statement:
    """Trusts the jobs of GitHub's workflows whose token has just this subject.

    Of no organization: until it has assumed the role, a job belongs to none.
    """
    return statement(
        sid,
        "sts:AssumeRoleWithWebIdentity",
        [],
        {"StringEquals": {f"{GITHUB}:aud": AUDIENCE, f"{GITHUB}:sub": subject}},
        principals={"Federated": provider_arn},
    )


def github_provider_arn(region: str, account_id: str) -> str:
    """The ARN of GitHub's provider in an account, which has one of it at most."""
    return f"arn:{partition_of(region)}:iam::{account_id}:oidc-provider/{GITHUB}"
