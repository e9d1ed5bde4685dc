"""Who may assume the roles that the bootstrap makes."""

from __future__ import annotations

from collections.abc import Sequence

from components.aws.partitions import partition_of
from components.aws.policy_document import Statement, statement

GITHUB = "token.actions.githubusercontent.com"
"""The issuer of the tokens that GitHub gives to a workflow's jobs."""

AUDIENCE = "sts.amazonaws.com"
"""The audience that `aws-actions/configure-aws-credentials` asks for."""


def principals(sid: str, arns: Sequence[str]) -> Statement:
    """Trusts these principals of the hub's account."""
    return statement(sid, "sts:AssumeRole", [], principals={"AWS": arns})


def role_in_hub(sid: str, arn: str) -> Statement:
    """Trusts one role of the hub's account.

    Its account is the principal, as AWS refuses a role that doesn't exist yet.
    """
    root = f"{arn.partition(':role/')[0]}:root"
    condition = {"ArnEquals": {"aws:PrincipalArn": arn}}
    return statement(sid, "sts:AssumeRole", [], condition, principals={"AWS": root})


def github_jobs(sid: str, provider_arn: str, subject: str) -> Statement:
    """Trusts the jobs of GitHub's workflows whose token has just this subject."""
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
