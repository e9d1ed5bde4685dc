"""A private, versioned, encrypted bucket whose complete policy is written exactly once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components.aws.arns import bucket_arn
from components.aws.organization import no_outsiders
from components.aws.policy_document import Statement, policy_document
from components.aws.secure_bucket_policy import encryption_denies, tls_only

NONCURRENT_VERSION_DAYS = 7
"""Days in which an overwritten or deleted object can be restored."""

UNFINISHED_UPLOAD_DAYS = 1

LOGS = "access/"
"""The prefix of all access logs in their bucket, before the name of the bucket that they are of."""


@dataclass(frozen=True, kw_only=True)
class LogDestination:
    """The bucket that takes the access logs of the other buckets of its account and Region."""

    bucket_name: pulumi.Output[str]
    ready: Sequence[pulumi.Resource]
    """What the first delivery waits for: the bucket lets S3 write."""


@dataclass(frozen=True, kw_only=True)
class TaggedExpiry:
    """The objects below `prefix` that carry a tag live `days` from their creation on.

    A replica was created when its original was.
    """

    prefix: str
    tag: tuple[str, str]
    days: int


@dataclass(frozen=True, kw_only=True)
class SecureBucketArgs:
    """`account_id` and `region` are the bucket's own; `key_arn` is the key that encrypts it.

    Without a customer key it is S3's: S3 delivers access logs to no bucket with another one.
    `access_logs` is where the bucket's are delivered, if anywhere.
    `organization_id` is the one whose principals alone may use it, beside the account's, if any.
    `policy_statements` are added to the ones that every bucket has. `expire_after_days` maps a
    prefix to the days its objects live; `expire_tagged` is for those with a tag alone. Overwritten
    or deleted versions are only cleared under `leftovers_prefix`. With `emits_events`, S3 tells
    EventBridge of every change. `protect` keeps the bucket, and what is in it, from being deleted
    with the stack; without it a full bucket is emptied and deleted.
    """

    bucket_name: str
    account_id: str
    region: str
    key_arn: pulumi.Input[str] | None
    access_logs: LogDestination | None = None
    organization_id: str | None = None
    policy_statements: Sequence[Statement] = ()
    expire_after_days: Mapping[str, int] = field(default_factory=dict)
    expire_tagged: TaggedExpiry | None = None
    leftovers_prefix: str = ""
    emits_events: bool = False
    protect: bool


class SecureBucket(pulumi.ComponentResource):
    """A bucket with everything that belongs to it.

    S3 refuses to change a bucket while another change of it is under way, so each change follows
    the one before it. All are protected with the bucket: without them, it is neither private nor
    encrypted.
    """

    bucket_name: pulumi.Output[str]
    """The bucket's name."""

    bucket_arn: pulumi.Output[str]
    """The bucket's ARN."""

    ready: list[pulumi.Resource]
    """What an upload waits for: the bucket is private, versioned and encrypted."""

    settled: list[pulumi.Resource]
    """What another change of the bucket, such as a replication, waits for."""

    def __init__(
        self, name: str, args: SecureBucketArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:SecureBucket", name, None, opts)
        self._name = name
        self._args = args
        self._bucket = aws.s3.Bucket(
            f"{name}-bucket",
            bucket=args.bucket_name,
            force_destroy=not args.protect,
            opts=self._child(),
        )
        self.bucket_name = self._bucket.bucket
        self.bucket_arn = self._bucket.arn
        public_access_block = self._public_access_block()
        ownership = self._ownership(after=public_access_block)
        policy = self._policy(after=ownership)
        versioning = self._versioning(after=policy)
        encryption = self._encryption(after=versioning)
        self.ready = [policy, versioning, encryption]
        self.settled = [self._lifecycle(after=encryption)]
        if args.access_logs is not None:
            self.settled.append(self._logging(args.access_logs, after=self.settled[-1]))
        if args.emits_events:
            self.settled.append(self._events(after=self.settled[-1]))
        self.register_outputs({"bucket_name": self.bucket_name, "bucket_arn": self.bucket_arn})

    def _child(self, after: pulumi.Resource | None = None) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(
            parent=self,
            depends_on=[after] if after else None,
            protect=self._args.protect,
        )

    def _versioning(self, after: pulumi.Resource) -> aws.s3.BucketVersioning:
        return aws.s3.BucketVersioning(
            f"{self._name}-versioning",
            bucket=self.bucket_name,
            versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(
                status="Enabled"
            ),
            opts=self._child(after),
        )

    def _public_access_block(self) -> aws.s3.BucketPublicAccessBlock:
        return aws.s3.BucketPublicAccessBlock(
            f"{self._name}-public-access-block",
            bucket=self.bucket_name,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=self._child(),
        )

    def _ownership(self, after: pulumi.Resource) -> aws.s3.BucketOwnershipControls:
        return aws.s3.BucketOwnershipControls(
            f"{self._name}-ownership",
            bucket=self.bucket_name,
            rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
            opts=self._child(after),
        )

    def _encryption(self, after: pulumi.Resource) -> aws.s3.BucketServerSideEncryptionConfiguration:
        key_arn = self._args.key_arn
        default = aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(  # noqa: E501
            sse_algorithm="AES256" if key_arn is None else "aws:kms", kms_master_key_id=key_arn
        )
        rule = aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
            apply_server_side_encryption_by_default=default,
            # No other principal could read an object under the uploader's own key. New buckets
            # block it, by a default that S3 has changed before.
            blocked_encryption_types=["SSE-C"],
            bucket_key_enabled=key_arn is not None,
        )
        return aws.s3.BucketServerSideEncryptionConfiguration(
            f"{self._name}-encryption",
            bucket=self.bucket_name,
            rules=[rule],
            opts=self._child(after),
        )

    def _policy(self, after: pulumi.Resource) -> aws.s3.BucketPolicy:
        arn = bucket_arn(self._args.region, self._args.bucket_name)

        def complete(key_arn: str | None) -> str:
            return policy_document(
                [
                    tls_only(arn),
                    *([] if key_arn is None else encryption_denies(arn, key_arn)),
                    *no_outsiders(arn, self._args.account_id, self._args.organization_id),
                    *self._args.policy_statements,
                ]
            )

        return aws.s3.BucketPolicy(
            f"{self._name}-policy",
            bucket=self.bucket_name,
            policy=pulumi.Output.from_input(self._args.key_arn).apply(complete),
            opts=self._child(after),
        )

    def _logging(self, to: LogDestination, after: pulumi.Resource) -> aws.s3.BucketLogging:
        """Unprotected, as the events are: a stack can do without."""
        return aws.s3.BucketLogging(
            f"{self._name}-logging",
            bucket=self.bucket_name,
            target_bucket=to.bucket_name,
            target_prefix=f"{LOGS}{self._args.bucket_name}/",
            opts=pulumi.ResourceOptions(parent=self, depends_on=[after, *to.ready]),
        )

    def _events(self, after: pulumi.Resource) -> aws.s3.BucketNotification:
        """All of the bucket's notifications: S3 keeps one configuration of them.

        Unprotected: without it the data is as safe as before, and a pipeline can drop its uploads.
        """
        return aws.s3.BucketNotification(
            f"{self._name}-events",
            bucket=self.bucket_name,
            eventbridge=True,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[after]),
        )

    def _lifecycle(self, after: pulumi.Resource) -> aws.s3.BucketLifecycleConfiguration:
        return aws.s3.BucketLifecycleConfiguration(
            f"{self._name}-lifecycle",
            bucket=self.bucket_name,
            rules=[
                _leftovers(self._args.leftovers_prefix),
                _UNFINISHED_UPLOADS,
                *_expiring(self._args.expire_after_days),
                *_expiring_tagged(self._args.expire_tagged),
            ],
            opts=self._child(after),
        )


def _leftovers(prefix: str) -> aws.s3.BucketLifecycleConfigurationRuleArgs:
    """The rule that clears what no list of objects shows but is paid for."""
    return aws.s3.BucketLifecycleConfigurationRuleArgs(
        id="leftovers",
        status="Enabled",
        filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=prefix),
        noncurrent_version_expiration=(
            aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
                noncurrent_days=NONCURRENT_VERSION_DAYS
            )
        ),
        expiration=aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(
            expired_object_delete_marker=True
        ),
    )


_UNFINISHED_UPLOADS = aws.s3.BucketLifecycleConfigurationRuleArgs(
    id="unfinished-uploads",
    status="Enabled",
    filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
    abort_incomplete_multipart_upload=(
        aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
            days_after_initiation=UNFINISHED_UPLOAD_DAYS
        )
    ),
)
"""The rule for the whole bucket, also where versions are cleared below a prefix alone."""


def _expiring(days: Mapping[str, int]) -> list[aws.s3.BucketLifecycleConfigurationRuleArgs]:
    """A rule per prefix, named after it."""
    return [
        aws.s3.BucketLifecycleConfigurationRuleArgs(
            id=f"expire-{prefix.strip('/').replace('/', '-')}",
            status="Enabled",
            filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=prefix),
            expiration=aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(days=days[prefix]),
        )
        for prefix in sorted(days)
    ]


def _expiring_tagged(
    expiry: TaggedExpiry | None,
) -> list[aws.s3.BucketLifecycleConfigurationRuleArgs]:
    """The rule for what has a tag: gone for good the day after, not for the leftovers' days more.

    Where two rules expire the same version, S3 keeps to the shorter time. The delete markers that
    this one leaves are leftovers.
    """
    if expiry is None:
        return []
    key, value = expiry.tag
    tagged = aws.s3.BucketLifecycleConfigurationRuleFilterAndArgs(
        prefix=expiry.prefix, tags={key: value}
    )
    return [
        aws.s3.BucketLifecycleConfigurationRuleArgs(
            id=f"expire-{key}",
            status="Enabled",
            filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(and_=tagged),
            expiration=aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(days=expiry.days),
            noncurrent_version_expiration=(
                aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
                    noncurrent_days=1
                )
            ),
        )
    ]
