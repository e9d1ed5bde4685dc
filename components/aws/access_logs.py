"""The bucket that takes S3's server access logs of an account and Region."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components.aws.arns import bucket_arn
from components.aws.naming import Names
from components.aws.policy_document import Statement, statement
from components.aws.secure_bucket import LOGS, LogDestination, SecureBucket, SecureBucketArgs
from components.aws.secure_bucket_policy import EVERY_PRINCIPAL


@dataclass(frozen=True, kw_only=True)
class AccessLogsArgs:
    """`account_id` and `region` are those of the buckets; logs are kept for `retention_days`."""

    names: Names
    account_id: str
    region: str
    retention_days: int
    organization_id: str | None
    protect: bool


class AccessLogs(pulumi.ComponentResource):
    """A bucket that S3 alone writes to.

    S3 delivers a bucket's logs to its own account and Region alone, and to no bucket with a
    customer key. This one has no logs of its own: each delivery would make another one.
    """

    destination: LogDestination
    """What the buckets of the account and Region are given."""

    def __init__(
        self, name: str, args: AccessLogsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:AccessLogs", name, None, opts)
        bucket_name = args.names.log_bucket(args.account_id, args.region)
        bucket = SecureBucket(
            name,
            SecureBucketArgs(
                bucket_name=bucket_name,
                account_id=args.account_id,
                region=args.region,
                key_arn=None,
                organization_id=args.organization_id,
                policy_statements=_deliveries(args, bucket_arn(args.region, bucket_name)),
                expire_after_days={LOGS: args.retention_days},
                protect=args.protect,
            ),
            pulumi.ResourceOptions(parent=self),
        )
        self.destination = LogDestination(bucket_name=bucket.bucket_name, ready=bucket.ready)
        self.register_outputs({})


def _deliveries(args: AccessLogsArgs, arn: str) -> list[Statement]:
    """S3 may write the logs of the stack's buckets, and no other principal may write."""
    return [
        statement(
            "DeliverLogs",
            "s3:PutObject",
            f"{arn}/{LOGS}*",
            {
                "ArnLike": {"aws:SourceArn": bucket_arn(args.region, f"{args.names.prefix}-*")},
                "StringEquals": {"aws:SourceAccount": args.account_id},
            },
            {"Service": "logging.s3.amazonaws.com"},
        ),
        statement(
            "DenyOtherWriters",
            "s3:PutObject",
            f"{arn}/*",
            {"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}},
            EVERY_PRINCIPAL,
            effect="Deny",
        ),
    ]
