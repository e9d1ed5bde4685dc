"""The two ends of a replication: what a source and a destination tell each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi


@dataclass(frozen=True, kw_only=True)
class ReplicationEnd:
    """One bucket, and all that has to be there before anything is replicated from or to it.

    `bucket_arn` is computed, for policies; `bucket_name` and `key_arn` come from the resources.
    """

    account_id: str
    region: str
    bucket_name: pulumi.Output[str]
    bucket_arn: str
    key_arn: pulumi.Output[str]
    ready: Sequence[pulumi.Resource]
