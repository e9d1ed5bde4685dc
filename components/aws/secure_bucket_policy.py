"""Statements that every bucket's policy holds: TLS only, and no other encryption than its key's.

Nothing here imports Pulumi.
"""

from __future__ import annotations

from components.aws.policy_document import Statement, statement

EVERY_PRINCIPAL = {"AWS": "*"}
"""The principals of a bucket's denies: the owner's own roles, too."""

_ALGORITHM = "s3:x-amz-server-side-encryption"
_KEY_ID = "s3:x-amz-server-side-encryption-aws-kms-key-id"
_CUSTOMER_ALGORITHM = "s3:x-amz-server-side-encryption-customer-algorithm"


def tls_only(bucket_arn: str) -> Statement:
    """Refuses any call over plain HTTP.

    `s3:*` is a deny: it takes away, so the wildcard is the point of it.
    """
    return statement(
        "DenyPlainHttp",
        "s3:*",
        [bucket_arn, f"{bucket_arn}/*"],
        condition={"Bool": {"aws:SecureTransport": "false"}},
        principals=EVERY_PRINCIPAL,
        effect="Deny",
    )


def encryption_denies(bucket_arn: str, key_arn: str) -> list[Statement]:
    """Refuses an upload that names any other encryption than SSE-KMS with the bucket's own key.

    An upload that names none is encrypted by the bucket's default, and so is let through: each
    deny is bound to a header that is there, because a negated comparison also matches one that
    isn't. Replication writes with another action, so these leave it alone.
    """
    return [
        _deny_upload(
            "DenyOtherEncryption",
            bucket_arn,
            {"Null": {_ALGORITHM: "false"}, "StringNotEquals": {_ALGORITHM: "aws:kms"}},
        ),
        _deny_upload(
            "DenyOtherKey",
            bucket_arn,
            {"Null": {_KEY_ID: "false"}, "StringNotEquals": {_KEY_ID: key_arn}},
        ),
        # SSE-KMS without a key means AWS's S3 key of the account, not the bucket's default key.
        _deny_upload(
            "DenyUnnamedKey",
            bucket_arn,
            {"StringEquals": {_ALGORITHM: "aws:kms"}, "Null": {_KEY_ID: "true"}},
        ),
        # A key that the uploader sends along (SSE-C) is named by other headers.
        _deny_upload("DenyKeyOfUploader", bucket_arn, {"Null": {_CUSTOMER_ALGORITHM: "false"}}),
    ]


def _deny_upload(sid: str, bucket_arn: str, condition: dict[str, dict[str, str]]) -> Statement:
    return statement(
        sid, "s3:PutObject", f"{bucket_arn}/*", condition, principals=EVERY_PRINCIPAL, effect="Deny"
    )
