"""The priority of a replication rule. Doesn't import Pulumi."""

from __future__ import annotations

import hashlib

MAX_REPLICATION_PRIORITY = 2**31 - 1
"""The highest priority of a replication rule (S3 API reference, `ReplicationRule`)."""


def replication_priority(pipeline: str) -> int:
    """The priority of the replication rule towards `pipeline`: unique per source, never moving.

    A position in a list would shift when a pipeline is removed, which S3 takes as a change of
    every rule after it. Two names could share a hash; the topology's rules refuse those.
    """
    digest = hashlib.sha256(pipeline.encode()).digest()
    return int.from_bytes(digest[:8], "big") % MAX_REPLICATION_PRIORITY + 1
