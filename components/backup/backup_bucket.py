"""The bucket of the backups, with its key, in a Region of their own."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components.aws.customer_key import CustomerKey, CustomerKeyArgs
from components.aws.naming import HUB_OWNER, KEY_ALIAS_LIMIT
from components.aws.secure_bucket import SecureBucket, SecureBucketArgs
from components.backup.names import BACKUPS
from components.pipeline.settings import PipelineSettings


@dataclass(frozen=True, kw_only=True)
class BackupBucketArgs:
    """`account_id` is the hub's, `region` the backups'; a backup is kept for `keep_days`."""

    settings: PipelineSettings
    account_id: str
    region: str
    keep_days: int


class BackupBucket(pulumi.ComponentResource):
    """A bucket and a key of their own: what encrypts the hub's data is lost with its Region."""

    bucket: SecureBucket

    key_arn: pulumi.Output[str]
    """The key that encrypts the backups."""

    def __init__(
        self, name: str, args: BackupBucketArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:BackupBucket", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        settings = args.settings
        key = CustomerKey(
            name,
            CustomerKeyArgs(
                alias=settings.names.of(HUB_OWNER, "backup", limit=KEY_ALIAS_LIMIT),
                description="The backups of Airflow's metadata",
                account_id=args.account_id,
                region=args.region,
                deploy_role_arn=settings.deploy_role_arns[args.account_id],
                protect=settings.protect_data,
            ),
            child,
        )
        self.key_arn = key.arn
        self.bucket = SecureBucket(
            name,
            SecureBucketArgs(
                bucket_name=settings.names.backup_bucket(args.account_id, args.region),
                account_id=args.account_id,
                region=args.region,
                key_arn=key.arn,
                access_logs=settings.access_logs.get((args.account_id, args.region)),
                organization_id=settings.organization_id,
                expire_after_days={BACKUPS: args.keep_days},
                protect=settings.protect_data,
            ),
            child,
        )
        self.register_outputs({"key_arn": self.key_arn, "bucket_name": self.bucket.bucket_name})
