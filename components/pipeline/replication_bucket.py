"""A bucket of a replication: what a source and a destination tell each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.pipeline.site import PipelineSite


@dataclass(frozen=True, kw_only=True)
class ReplicationBucket:
    """A pipeline's bucket; anything is replicated once the changes in `settled` are made.

    Policies take names from `site`; `bucket_name` and `key_arn` come from the resources.
    """

    site: PipelineSite
    bucket_name: pulumi.Output[str]
    key_arn: pulumi.Output[str]
    settled: Sequence[pulumi.Resource]
