"""What a pipeline hands to the connections: how it is reached, and what its DAG has to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from components.aws.naming import CROSS_ACCOUNT_ROLE
from components.aws.secure_bucket import SecureBucket
from components.pipeline.cross_account_role import CrossAccountRole
from components.pipeline.site import PipelineSite


@dataclass(frozen=True, kw_only=True)
class ConnectedPipeline:
    """A pipeline as the hub sees it.

    `dag_entry` is the pipeline's own part of its entry in `topology.json`. It holds no secret.
    """

    account_id: str
    region: str
    bucket_name: pulumi.Output[str]
    cross_account_role_name: str
    """Computed, so that a policy may name the role before it exists."""
    cross_account_role_arn: pulumi.Output[str]
    external_id: pulumi.Output[str]
    """The ExternalId that the role's trust policy asks for: a secret."""
    dag_entry: Mapping[str, Any]


def connected_pipeline(
    site: PipelineSite, bucket: SecureBucket, role: CrossAccountRole, dag_entry: Mapping[str, Any]
) -> ConnectedPipeline:
    """Describe a pipeline of either kind."""
    return ConnectedPipeline(
        account_id=site.account_id,
        region=site.region,
        bucket_name=bucket.bucket_name,
        cross_account_role_name=site.role_name(CROSS_ACCOUNT_ROLE),
        cross_account_role_arn=role.arn,
        external_id=role.external_id,
        dag_entry=dag_entry,
    )
