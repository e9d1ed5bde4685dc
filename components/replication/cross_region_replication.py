"""Replication of one source bucket to every ML pipeline that trains on it.

S3 replaces a bucket's whole replication configuration when it is written, so one component holds
all the rules of a source. What a destination has to allow is in the destination's own policies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aws.policy_document import Statement
from components.pipeline.object_keys import TRANSFORMED
from components.pipeline.replication_bucket import ReplicationBucket
from components.pipeline.role import pipeline_role
from components.replication.batch_policies import (
    BATCH_ROLE_PURPOSE,
    batch_replication,
    batch_trust,
)
from components.replication.policies import (
    ROLE_PURPOSE,
    ReplicaBucket,
    replication,
    replication_trust,
)
from components.replication.priority import replication_priority


@dataclass(frozen=True, kw_only=True)
class CrossRegionReplicationArgs:
    """`source` is a data pipeline's bucket, `destinations` are the ML pipelines', by name."""

    source: ReplicationBucket
    destinations: Mapping[str, ReplicationBucket]


class CrossRegionReplication(pulumi.ComponentResource):
    """The replication role, its policy and the rules of one source bucket, and a role for repairs.

    Deploy it with the source's provider: all of them belong to the source's account and Region.
    Raises ValueError without a destination: S3 takes no empty set of rules.
    """

    role_arn: pulumi.Output[str]
    """The role that S3 replicates as; the destinations' policies compute the same ARN."""

    def __init__(
        self,
        name: str,
        args: CrossRegionReplicationArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        source, destinations = args.source, args.destinations
        if not destinations:
            raise ValueError(
                f"{name} replicates the bucket of {source.site.name} to nowhere: "
                "leave the component out where no ML pipeline trains on it"
            )
        super().__init__("unified-pipelines:index:CrossRegionReplication", name, None, opts)
        made = pipeline_role(
            name,
            site=source.site,
            purpose=ROLE_PURPOSE,
            description=f"Replicates the training data of {source.site.name}",
            trust=replication_trust(),
            statements=_statements(source, destinations),
            parent=self,
        )
        self.role_arn = made.role.arn
        # An object that can't be replicated isn't tried again, and S3 checks neither the keys nor
        # the policies when the rules are written: everything has to be there before them.
        settled = [each for bucket in (source, *destinations.values()) for each in bucket.settled]
        aws.s3.BucketReplicationConfig(
            f"{name}-rules",
            bucket=source.bucket_name,
            role=self.role_arn,
            rules=[_rule(pipeline, destinations[pipeline]) for pipeline in sorted(destinations)],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[made.policy, *settled]),
        )
        # For S3 Batch Replication, by which an operator has S3 replicate what it gave up.
        pipeline_role(
            f"{name}-batch",
            site=source.site,
            purpose=BATCH_ROLE_PURPOSE,
            description=f"Replicates training data of {source.site.name} again",
            trust=batch_trust(),
            statements=pulumi.Output.from_input(batch_replication(source.site.bucket_arn)),
            parent=self,
        )
        self.register_outputs({"role_arn": self.role_arn})


def _statements(
    source: ReplicationBucket, destinations: Mapping[str, ReplicationBucket]
) -> pulumi.Output[Sequence[Statement]]:
    names = sorted(destinations)
    replicas = [_replica_bucket(destinations[name]) for name in names]
    return pulumi.Output.all(_replica_bucket(source), *replicas).apply(
        lambda buckets: replication(buckets[0], dict(zip(names, buckets[1:], strict=True)))
    )


def _replica_bucket(bucket: ReplicationBucket) -> pulumi.Output[ReplicaBucket]:
    site = bucket.site
    return bucket.key_arn.apply(
        lambda key_arn: ReplicaBucket(
            account_id=site.account_id,
            bucket_arn=site.bucket_arn,
            key_arn=key_arn,
            region=site.region,
        )
    )


def _rule(pipeline: str, destination: ReplicationBucket) -> aws.s3.BucketReplicationConfigRuleArgs:
    """The rule towards one pipeline; its id and priority depend on the name alone."""
    return aws.s3.BucketReplicationConfigRuleArgs(
        id=pipeline,
        priority=replication_priority(pipeline),
        status="Enabled",
        filter=aws.s3.BucketReplicationConfigRuleFilterArgs(prefix=TRANSFORMED),
        delete_marker_replication=aws.s3.BucketReplicationConfigRuleDeleteMarkerReplicationArgs(
            status="Disabled"
        ),
        source_selection_criteria=aws.s3.BucketReplicationConfigRuleSourceSelectionCriteriaArgs(
            sse_kms_encrypted_objects=(
                aws.s3.BucketReplicationConfigRuleSourceSelectionCriteriaSseKmsEncryptedObjectsArgs(
                    status="Enabled"
                )
            )
        ),
        destination=aws.s3.BucketReplicationConfigRuleDestinationArgs(
            bucket=destination.site.bucket_arn,
            encryption_configuration=(
                aws.s3.BucketReplicationConfigRuleDestinationEncryptionConfigurationArgs(
                    replica_kms_key_id=destination.key_arn
                )
            ),
            metrics=aws.s3.BucketReplicationConfigRuleDestinationMetricsArgs(status="Enabled"),
        ),
    )
