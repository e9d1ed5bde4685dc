"""`dags/topology.json`: what the DAGs know of the pipelines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from components.pipeline.connected_pipeline import ConnectedPipeline
from components.pipeline.connection_names import connection_id

VERSION = 1
"""The version of the format, which the DAGs check."""


def dag_topology(
    data_pipelines: Mapping[str, ConnectedPipeline],
    ml_pipelines: Mapping[str, ConnectedPipeline],
    hub: Mapping[str, str | None],
) -> pulumi.Output[str]:
    """The text of `topology.json`: the hub, and each pipeline by kind and name; no secret."""
    topology = {
        "version": VERSION,
        "hub": hub,
        "data_pipelines": {name: _entry(name, each) for name, each in data_pipelines.items()},
        "ml_pipelines": {name: _entry(name, each) for name, each in ml_pipelines.items()},
    }
    return pulumi.Output.json_dumps(topology, sort_keys=True, indent=2)


def _entry(name: str, pipeline: ConnectedPipeline) -> dict[str, Any]:
    return {
        "name": name,
        "connection_id": connection_id(name),
        "account_id": pipeline.account_id,
        "region": pipeline.region,
        "cross_account_role_arn": pipeline.cross_account_role_arn,
        "bucket_name": pipeline.bucket_name,
        **pipeline.dag_entry,
    }
