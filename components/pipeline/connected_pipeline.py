"""What a pipeline hands to the connections: how it is reached, and what its DAG has to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from components.aws.secure_bucket import SecureBucket
from components.pipeline.connected_role import ConnectedRole, connected_role
from components.pipeline.cross_account_role import CrossAccountRole
from components.pipeline.site import PipelineSite


@dataclass(frozen=True, kw_only=True)
class ConnectedPipeline(ConnectedRole):
    """A pipeline as the hub sees it.

    `dag_entry` is the pipeline's own part of its entry in `topology.json`. It holds no secret.
    """

    bucket_name: pulumi.Output[str]
    dag_entry: Mapping[str, Any]


def connected_pipeline(
    site: PipelineSite, bucket: SecureBucket, role: CrossAccountRole, dag_entry: Mapping[str, Any]
) -> ConnectedPipeline:
    """Describe a pipeline of either kind."""
    return ConnectedPipeline(
        **vars(connected_role(site, role)), bucket_name=bucket.bucket_name, dag_entry=dag_entry
    )
