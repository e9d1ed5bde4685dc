"""The objects that the program writes itself: all that a deploy role may read or write."""

from __future__ import annotations

from collections.abc import Sequence

from components.aws.policy_document import Statement, statement


def program_files(objects: Sequence[str]) -> Statement:
    """The statement for these objects, which are patterns of ARNs."""
    return statement(
        "ProgramFiles",
        [
            "s3:DeleteObject",
            "s3:GetObject",
            "s3:GetObjectTagging",
            "s3:GetObjectVersion",
            "s3:PutObject",
            "s3:PutObjectTagging",
        ],
        objects,
    )
