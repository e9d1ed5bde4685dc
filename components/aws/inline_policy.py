"""A role's one inline policy, kept within IAM's limit."""

from __future__ import annotations

from collections.abc import Sequence

from components.aws.policy_document import Statement, policy_document

INLINE_POLICY_LIMIT = 10_240
"""Characters of all inline policies of a role, white space not counted (IAM quotas)."""


def inline_policy(role_name: str, statements: Sequence[Statement]) -> str:
    """The policy of `statements`; raises ValueError where IAM would refuse its size."""
    document = policy_document(statements)
    if len(document) > INLINE_POLICY_LIMIT:
        raise ValueError(
            f"the inline policy of role {role_name} has {len(document)} characters: IAM takes at "
            f"most {INLINE_POLICY_LIMIT}. Let fewer pipelines share this role"
        )
    return document
