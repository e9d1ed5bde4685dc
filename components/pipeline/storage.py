"""A pipeline's key and bucket: the same for every kind of pipeline but for their policies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi

from components.aws.customer_key import CustomerKey, CustomerKeyArgs
from components.aws.naming import KEY_ALIAS_LIMIT
from components.aws.policy_document import Statement
from components.aws.secure_bucket import SecureBucket, SecureBucketArgs, TaggedExpiry
from components.pipeline.replication_bucket import ReplicationBucket
from components.pipeline.site import PipelineSite


def pipeline_key(
    site: PipelineSite, *, statements: Sequence[Statement], parent: pulumi.Resource
) -> CustomerKey:
    """Make the one key of a pipeline."""
    return CustomerKey(
        site.name,
        CustomerKeyArgs(
            alias=site.name_of("key", limit=KEY_ALIAS_LIMIT),
            description=f"Everything of the pipeline {site.name}",
            account_id=site.account_id,
            region=site.region,
            deploy_role_arn=site.settings.deploy_role_arns[site.account_id],
            statements=statements,
            protect=site.settings.protect_data,
        ),
        pulumi.ResourceOptions(parent=parent),
    )


def pipeline_bucket(
    site: PipelineSite,
    key: CustomerKey,
    *,
    policy_statements: Sequence[Statement] = (),
    expire_after_days: Mapping[str, int] | None = None,
    expire_tagged: TaggedExpiry | None = None,
    emits_events: bool = False,
    parent: pulumi.Resource,
) -> SecureBucket:
    """Make the one bucket of a pipeline."""
    return SecureBucket(
        site.name,
        SecureBucketArgs(
            bucket_name=site.bucket_name,
            account_id=site.account_id,
            region=site.region,
            key_arn=key.arn,
            access_logs=site.settings.access_logs.get((site.account_id, site.region)),
            organization_id=site.settings.organization_id,
            policy_statements=policy_statements,
            expire_after_days=expire_after_days or {},
            expire_tagged=expire_tagged,
            emits_events=emits_events,
            protect=site.settings.protect_data,
        ),
        pulumi.ResourceOptions(parent=parent),
    )


def replication_bucket(
    site: PipelineSite, key: CustomerKey, bucket: SecureBucket
) -> ReplicationBucket:
    """Describe the bucket as the source or a destination of a replication."""
    return ReplicationBucket(
        site=site, bucket_name=bucket.bucket_name, key_arn=key.arn, settled=tuple(bucket.settled)
    )
