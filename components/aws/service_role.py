"""A role and its one inline policy, as every role here is made."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

POLICY_NAME = "access"
"""The inline policy's name: a role has one, so nothing needs to tell it apart."""


@dataclass(frozen=True, kw_only=True)
class ServiceRole:
    """A role, and the policy that the users of the role have to wait for."""

    role: aws.iam.Role
    policy: aws.iam.RolePolicy


def service_role(
    name: str,
    *,
    role_name: str,
    description: str,
    trust: pulumi.Input[str],
    policy: pulumi.Input[str],
    permissions_boundary_arn: str,
    parent: pulumi.Resource,
) -> ServiceRole:
    """Make the role `{name}-role` and its policy `{name}-policy` under `parent`."""
    # A role's name is unique in its account, across Regions: an owner that moves to another
    # Region is replaced, and the new role can't exist beside the old one of that name.
    opts = pulumi.ResourceOptions(parent=parent, delete_before_replace=True)
    role = aws.iam.Role(
        f"{name}-role",
        name=role_name,
        description=description,
        assume_role_policy=trust,
        permissions_boundary=permissions_boundary_arn,
        opts=opts,
    )
    granted = aws.iam.RolePolicy(
        f"{name}-policy",
        name=POLICY_NAME,
        role=role.name,
        policy=policy,
        opts=opts,
    )
    return ServiceRole(role=role, policy=granted)
