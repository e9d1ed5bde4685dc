"""A role that the bootstrap makes in an account, with its managed policies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.aws.arns import path_and_name
from components.aws.policy_document import Statement, policy_document


def account_role(
    name: str,
    *,
    arn: str,
    description: str,
    trust: Sequence[Statement],
    policy_description: str,
    policies: Mapping[str, str],
    parent: pulumi.Resource,
    after: pulumi.Resource | None = None,
    longest_session_seconds: int | None = None,
) -> aws.iam.Role:
    """Make the role with this ARN; `policies` are documents by the end of their name.

    `after` is what has to be there before its trust names it; a session lasts an hour at most,
    unless `longest_session_seconds` says otherwise.
    """
    child = pulumi.ResourceOptions(parent=parent)
    path, role_name = path_and_name(arn)
    role = aws.iam.Role(
        f"{name}-role",
        name=role_name,
        path=path,
        description=description,
        assume_role_policy=policy_document(trust),
        max_session_duration=longest_session_seconds,
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[after] if after else None),
    )
    for part, document in policies.items():
        policy = aws.iam.Policy(
            f"{name}-{part}-policy",
            name=f"{role_name}-{part}",
            description=f"{policy_description}: {part}",
            policy=document,
            opts=child,
        )
        aws.iam.RolePolicyAttachment(
            f"{name}-{part}-attachment", role=role.name, policy_arn=policy.arn, opts=child
        )
    return role
