"""For each statement that denies: an attempt that it alone denies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from components.aws.account_region import AccountRegion
from tests.local.kept_run import KeptRun

_KEY = "staging/attempt.csv"
"""Where nothing is replicated from, and no DAG is read."""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What a statement keeps from happening."""

    what: str
    do: Callable[[KeptRun, AccountRegion, str], object]
    """Does it, as the root of the bucket's own account, which the deny binds as well."""

    refused_as_well: str = ""
    """What the embedded AWS says to it where no policy denies it; nothing where it goes through."""

    def refusal(self, kept: KeptRun, account_region: AccountRegion, bucket: str) -> str:
        """AWS's message where the attempt is refused, and nothing where it isn't."""
        try:
            self.do(kept, account_region, bucket)
        except ClientError as error:
            return str(error)
        return ""


def _plain_http(kept: KeptRun, account_region: AccountRegion, bucket: str) -> object:
    def mark(request: Any, **_: Any) -> None:
        request.headers["x-local-plain-http"] = "1"

    s3 = kept.client("s3", account_region)
    s3.meta.events.register("before-send.s3", mark)
    try:
        return s3.list_objects_v2(Bucket=bucket, MaxKeys=1)
    finally:
        s3.meta.events.unregister("before-send.s3", mark)


def _upload(kept: KeptRun, account_region: AccountRegion, bucket: str, **encryption: str) -> None:
    s3 = kept.client("s3", account_region)
    made = s3.put_object(Bucket=bucket, Key=_KEY, Body=b"1", **encryption)
    s3.delete_object(Bucket=bucket, Key=_KEY, VersionId=made["VersionId"])


def _another_key(kept: KeptRun, account_region: AccountRegion, bucket: str) -> None:
    key = kept.client("kms", account_region).create_key()["KeyMetadata"]["Arn"]
    _upload(kept, account_region, bucket, ServerSideEncryption="aws:kms", SSEKMSKeyId=key)


ATTEMPTS = {
    "DenyPlainHttp": Attempt(what="a call over plain HTTP", do=_plain_http),
    "DenyOtherEncryption": Attempt(
        what="an upload that asks for SSE-S3",
        do=lambda *where: _upload(*where, ServerSideEncryption="AES256"),
    ),
    "DenyOtherKey": Attempt(what="an upload under another key of the account", do=_another_key),
    "DenyUnnamedKey": Attempt(
        what="an upload that asks for SSE-KMS without a key",
        do=lambda *where: _upload(*where, ServerSideEncryption="aws:kms"),
        refused_as_well=(
            "An error occurred (InvalidArgument) when calling the PutObject operation: "
            "Server-side encryption with aws:kms requires a key id in "
            "x-amz-server-side-encryption-aws-kms-key-id."
        ),
    ),
    "DenyKeyOfUploader": Attempt(
        what="an upload under the uploader's own key (SSE-C)",
        do=lambda *where: _upload(*where, SSECustomerAlgorithm="AES256", SSECustomerKey="k" * 32),
    ),
}
"""By the statement's id."""
