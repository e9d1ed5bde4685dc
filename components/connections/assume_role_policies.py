"""The policies by which the hub's roles assume cross-account roles. Doesn't import Pulumi."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from components.aws.policy_document import policy_document, statement

POLICIES_PER_ROLE = 10
"""Managed policies attached to one role (IAM quotas, the default)."""


def assume_role_policies(roles: Mapping[str, str]) -> dict[int, str]:
    """The policies that let a role of the hub assume exactly `roles`, ARNs by their owner's name.

    The owner is a pipeline or an access, for which the same holds. A pipeline's policy follows
    from its name alone, so adding or removing a pipeline never moves another one: moved between
    two policies, it would lack the permission for a moment. The topology's rules refuse more of
    them than fit into `MANAGED_POLICY_LIMIT` characters.
    """
    shards: dict[int, list[str]] = {}
    for pipeline in sorted(roles):
        shards.setdefault(shard_of(pipeline), []).append(roles[pipeline])
    return {
        shard: policy_document([statement("AssumePipelineRoles", "sts:AssumeRole", arns)])
        for shard, arns in sorted(shards.items())
    }


def shard_of(pipeline: str) -> int:
    """The number of the policy that `pipeline` belongs to, from 0."""
    return hashlib.sha256(pipeline.encode()).digest()[0] % POLICIES_PER_ROLE
