"""A role that the bootstrap makes in an account, with its managed policies."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.aws.arns import path_and_name


def account_role(
    name: str,
    *,
    arn: str,
    description: str,
    trust: str,
    policy_description: str,
    policies: Mapping[str, str],
    parent: pulumi.Resource,
) -> aws.iam.Role:
    """Make the role with this ARN; `policies` are documents by the end of their name."""
    child = pulumi.ResourceOptions(parent=parent)
    path, role_name = path_and_name(arn)
    role = aws.iam.Role(
        f"{name}-role",
        name=role_name,
        path=path,
        description=description,
        assume_role_policy=trust,
        opts=child,
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
