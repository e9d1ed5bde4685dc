"""`dags/topology.json`: what the DAGs know of the pipelines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from components.pipeline.connected_pipeline import ConnectedPipeline
from components.pipeline.connected_role import ConnectedRole
from components.pipeline.connection_names import connection_id

VERSION = 1
"""The version of the format, which the DAGs check."""


def dag_topology(
    data_pipelines: Mapping[str, ConnectedPipeline],
    ml_pipelines: Mapping[str, ConnectedPipeline],
    access: Mapping[str, ConnectedRole],
    hub: Mapping[str, str | None],
) -> pulumi.Output[str]:
    """The text of `topology.json`: the hub, pipelines and accesses by kind and name; no secret."""
    topology: dict[str, Any] = {
        "version": VERSION,
        "hub": hub,
        "data_pipelines": {name: _pipeline(name, each) for name, each in data_pipelines.items()},
        "ml_pipelines": {name: _pipeline(name, each) for name, each in ml_pipelines.items()},
    }
    if access:
        topology["access"] = {name: _entry(name, each) for name, each in access.items()}
    return pulumi.Output.json_dumps(topology, sort_keys=True, indent=2)


def _pipeline(name: str, pipeline: ConnectedPipeline) -> dict[str, Any]:
    own = {"bucket_name": pipeline.bucket_name, **pipeline.dag_entry}
    return {**_entry(name, pipeline), **own}


def _entry(name: str, role: ConnectedRole) -> dict[str, Any]:
    return {
        "name": name,
        "connection_id": connection_id(name),
        "account_id": role.account_id,
        "region": role.region,
        "cross_account_role_arn": role.cross_account_role_arn,
    }
