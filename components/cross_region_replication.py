"""Replication of one source bucket to every ML pipeline that learns from it.

S3 replaces a bucket's whole replication configuration when it is written, so one component holds
all the rules of a source. What a destination has to allow is in the destination's own policies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.iam_replication import ReplicaBucket, replication, replication_trust
from components.inline_policy import inline_policy
from components.naming import replication_priority
from components.object_keys import TRANSFORMED
from components.pipeline_settings import PipelineSettings
from components.replication_ends import ReplicationEnd
from components.service_role import service_role


@dataclass(frozen=True, kw_only=True)
class CrossRegionReplicationArgs:
    """`source_name` is the data pipeline's name; `destinations` are by ML pipeline's name."""

    settings: PipelineSettings
    source_name: str
    source: ReplicationEnd
    destinations: Mapping[str, ReplicationEnd]


class CrossRegionReplication(pulumi.ComponentResource):
    """The replication role, its policy and the rules of one source bucket.

    Deploy it with the source's provider: all three belong to the source's account and Region.
    """

    role_arn: pulumi.Output[str]
    """The role that S3 replicates as; the destinations' policies compute the same ARN."""

    def __init__(
        self,
        name: str,
        args: CrossRegionReplicationArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(
            "unified-pipelines:cross_region_replication:CrossRegionReplication", name, None, opts
        )
        source = args.source
        made = service_role(
            f"{name}-replication",
            role_name=_role_name(args),
            description="Replicates training data to the pipelines that learn from it",
            trust=replication_trust(),
            policy=_role_policy(args),
            permissions_boundary_arn=args.settings.permissions_boundary_arn(
                source.region, source.account_id
            ),
            parent=self,
        )
        self.role_arn = made.role.arn
        # An object that can't be replicated isn't tried again, and S3 checks neither the keys nor
        # the policies when the rules are written: everything has to be there before them.
        ready = [each for end in (source, *args.destinations.values()) for each in end.ready]
        aws.s3.BucketReplicationConfig(
            f"{name}-replication-rules",
            bucket=source.bucket_name,
            role=self.role_arn,
            rules=[
                _rule(pipeline, args.destinations[pipeline])
                for pipeline in sorted(args.destinations)
            ],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[made.policy, *ready]),
        )
        self.register_outputs({"role_arn": self.role_arn})


def _role_name(args: CrossRegionReplicationArgs) -> str:
    return args.settings.names.role(args.source_name, "replication")


def _role_policy(args: CrossRegionReplicationArgs) -> pulumi.Output[str]:
    names = sorted(args.destinations)
    ends = [args.source, *(args.destinations[name] for name in names)]

    def document(key_arns: list[str]) -> str:
        source, *replicas = [
            ReplicaBucket(bucket_arn=end.bucket_arn, key_arn=key_arn, region=end.region)
            for end, key_arn in zip(ends, key_arns, strict=True)
        ]
        statements = replication(source, dict(zip(names, replicas, strict=True)))
        return inline_policy(_role_name(args), statements)

    return pulumi.Output.all(*(end.key_arn for end in ends)).apply(document)


def _rule(pipeline: str, end: ReplicationEnd) -> aws.s3.BucketReplicationConfigRuleArgs:
    """The rule towards one pipeline; its id and priority depend on nothing but the name."""
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
            bucket=end.bucket_arn,
            encryption_configuration=(
                aws.s3.BucketReplicationConfigRuleDestinationEncryptionConfigurationArgs(
                    replica_kms_key_id=end.key_arn
                )
            ),
            metrics=aws.s3.BucketReplicationConfigRuleDestinationMetricsArgs(status="Enabled"),
        ),
    )
