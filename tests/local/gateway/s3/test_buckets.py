"""Bucket policies, and the keys of what is in the buckets."""

from __future__ import annotations

from typing import Any

import pytest

from tests.local.gateway.aws import (
    DATA,
    EAST,
    HUB,
    WEST,
    Aws,
    allow,
    deny,
    document,
    refusal,
)

_ALGORITHM = "s3:x-amz-server-side-encryption"
_KEY_ID = "s3:x-amz-server-side-encryption-aws-kms-key-id"


def _plain_http(client: Any) -> Any:
    def mark(request: Any, **_: Any) -> None:
        request.headers["x-local-plain-http"] = "1"

    client.meta.events.register("before-send.s3", mark)
    return client


class TestTlsOnly:
    """A policy that denies plain HTTP: the gateway presents loopback requests as secure."""

    @pytest.fixture
    def bucket(self, aws: Aws) -> str:
        name = aws.bucket()
        aws.client("s3").put_object(Bucket=name, Key="a", Body=b"1")
        denied = deny(
            "s3:*",
            f"arn:aws:s3:::{name}",
            f"arn:aws:s3:::{name}/*",
            Principal="*",
            Condition={"Bool": {"aws:SecureTransport": "false"}},
        )
        aws.client("s3").put_bucket_policy(Bucket=name, Policy=document(denied))
        return name

    def test_lets_requests_in(self, aws: Aws, bucket: str) -> None:
        reader = aws.client("s3", aws.session(allow("s3:GetObject", "*")))
        assert reader.get_object(Bucket=bucket, Key="a")["Body"].read() == b"1"

    def test_refuses_requests_that_call_themselves_plain(self, aws: Aws, bucket: str) -> None:
        reader = _plain_http(aws.client("s3", aws.session(allow("s3:GetObject", "*"))))
        said = refusal(lambda: reader.get_object(Bucket=bucket, Key="a"))
        assert "explicit deny in a resource-based policy" in said

    def test_binds_the_accounts_root(self, aws: Aws, bucket: str) -> None:
        root = _plain_http(aws.client("s3"))
        assert "explicit deny" in refusal(lambda: root.get_object(Bucket=bucket, Key="a"))
        root.delete_bucket_policy(Bucket=bucket)


class TestEncryptionDenies:
    """Wrong algorithm, wrong key, algorithm alone, a key of the uploader's."""

    @pytest.fixture
    def key(self, aws: Aws) -> str:
        return aws.key()

    @pytest.fixture
    def bucket(self, aws: Aws, key: str) -> str:
        name = aws.bucket()
        aws.encrypt(name, key)
        conditions: list[dict[str, dict[str, str]]] = [
            {"Null": {_ALGORITHM: "false"}, "StringNotEquals": {_ALGORITHM: "aws:kms"}},
            {"Null": {_KEY_ID: "false"}, "StringNotEquals": {_KEY_ID: key}},
            {"StringEquals": {_ALGORITHM: "aws:kms"}, "Null": {_KEY_ID: "true"}},
            {"Null": {f"{_ALGORITHM}-customer-algorithm": "false"}},
        ]
        denies = [
            deny("s3:PutObject", f"arn:aws:s3:::{name}/*", Principal="*", Condition=condition)
            for condition in conditions
        ]
        aws.client("s3").put_bucket_policy(Bucket=name, Policy=document(*denies))
        return name

    def _put(self, aws: Aws, bucket: str, **encryption: str) -> dict[str, Any]:
        writer = aws.session(allow(["s3:PutObject", "kms:GenerateDataKey"], "*"))
        answer: dict[str, Any] = aws.client("s3", writer).put_object(
            Bucket=bucket, Key="a", Body=b"1", **encryption
        )
        return answer

    def test_the_default_encryption_passes(self, aws: Aws, bucket: str, key: str) -> None:
        assert self._put(aws, bucket)["SSEKMSKeyId"] == key

    def test_the_right_key_passes(self, aws: Aws, bucket: str, key: str) -> None:
        self._put(aws, bucket, ServerSideEncryption="aws:kms", SSEKMSKeyId=key)

    @pytest.mark.parametrize(
        "encryption",
        [
            {"ServerSideEncryption": "AES256"},
            {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "another"},
            {"ServerSideEncryption": "aws:kms"},
            {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": "k" * 32},
        ],
    )
    def test_any_other_is_refused(self, aws: Aws, bucket: str, encryption: dict[str, str]) -> None:
        said = refusal(lambda: self._put(aws, bucket, **encryption))
        assert "explicit deny in a resource-based policy" in said

    def test_a_multipart_upload_with_the_right_key_passes(
        self, aws: Aws, bucket: str, key: str
    ) -> None:
        actions = ["s3:PutObject", "kms:GenerateDataKey", "kms:Decrypt"]
        s3 = aws.client("s3", aws.session(allow(actions, "*")))
        address = {"Bucket": bucket, "Key": "parts"}
        upload = s3.create_multipart_upload(
            **address, ServerSideEncryption="aws:kms", SSEKMSKeyId=key
        )["UploadId"]
        part = s3.upload_part(**address, UploadId=upload, PartNumber=1, Body=b"1")
        parts = [{"PartNumber": 1, "ETag": part["ETag"]}]
        s3.complete_multipart_upload(**address, UploadId=upload, MultipartUpload={"Parts": parts})
        assert s3.head_object  # the calls above are the test


class TestKeyOfAnObject:
    """What is encrypted with a customer key needs the key, through S3 and for that bucket."""

    @pytest.fixture
    def bucket(self, aws: Aws) -> str:
        name = aws.bucket(region=WEST)
        aws.encrypt(name, aws.key(region=WEST), region=WEST)
        aws.client("s3", region=WEST).put_object(Bucket=name, Key="a", Body=b"1")
        return name

    def _read(self, aws: Aws, bucket: str, *statements: dict[str, Any]) -> bytes:
        session = aws.session(allow("s3:GetObject", "*"), *statements)
        answer = aws.client("s3", session, WEST).get_object(Bucket=bucket, Key="a")
        content: bytes = answer["Body"].read()
        return content

    def _use_of_key(self, service: str, context: str) -> dict[str, Any]:
        condition = {
            "StringEquals": {"kms:ViaService": service},
            "StringLike": {"kms:EncryptionContext:aws:s3:arn": context},
        }
        return allow("kms:Decrypt", "*", Condition=condition)

    def test_without_the_key_it_is_refused(self, aws: Aws, bucket: str) -> None:
        assert "kms:Decrypt" in refusal(lambda: self._read(aws, bucket))

    def test_with_the_key_through_s3_for_that_bucket(self, aws: Aws, bucket: str) -> None:
        use = self._use_of_key(f"s3.{WEST}.amazonaws.com", f"arn:aws:s3:::{bucket}")
        assert self._read(aws, bucket, use) == b"1"

    @pytest.mark.parametrize(
        ("service", "context"),
        [("sqs.us-west-2.amazonaws.com", "*"), ("s3.us-west-2.amazonaws.com", "arn:aws:s3:::b")],
    )
    def test_with_the_key_for_something_else_it_is_refused(
        self, aws: Aws, bucket: str, service: str, context: str
    ) -> None:
        use = self._use_of_key(service, context)
        assert "kms:Decrypt" in refusal(lambda: self._read(aws, bucket, use))

    def test_the_right_to_use_it_through_s3_is_none_to_use_it_directly(self, aws: Aws) -> None:
        key = aws.key()
        use = self._use_of_key(f"s3.{EAST}.amazonaws.com", "*")
        kms = aws.client("kms", aws.session(use))
        blob = aws.client("kms").encrypt(KeyId=key, Plaintext=b"1")["CiphertextBlob"]
        assert "kms:Decrypt" in refusal(lambda: kms.decrypt(KeyId=key, CiphertextBlob=blob))


class TestAnotherAccountsKey:
    """Its policy must name the caller's account, wherever the key is."""

    def _write(self, aws: Aws, key: str) -> None:
        bucket = aws.bucket(region=WEST)
        aws.encrypt(bucket, key, region=WEST)
        writer = aws.session(allow(["s3:PutObject", "kms:GenerateDataKey"], "*"))
        aws.client("s3", writer, WEST).put_object(Bucket=bucket, Key="a", Body=b"1")

    def test_that_names_the_account(self, aws: Aws) -> None:
        data = {"AWS": f"arn:aws:iam::{DATA}:root"}
        self._write(aws, aws.key(HUB, WEST, allow("kms:GenerateDataKey", "*", Principal=data)))

    def test_that_does_not(self, aws: Aws) -> None:
        key = aws.key(HUB, WEST)
        assert "kms:GenerateDataKey" in refusal(lambda: self._write(aws, key))

    def test_that_is_not_there(self, aws: Aws) -> None:
        missing = f"arn:aws:kms:{WEST}:{DATA}:key/00000000-0000-0000-0000-000000000000"
        assert "kms:GenerateDataKey" in refusal(lambda: self._write(aws, missing))


class TestAnotherAccountsBucket:
    """Both sides must allow: the caller's policies and the bucket's."""

    @pytest.fixture
    def bucket(self, aws: Aws) -> str:
        name = aws.bucket()
        aws.client("s3").put_object(Bucket=name, Key="a", Body=b"1")
        return name

    def _open_to(self, aws: Aws, bucket: str, principal: str) -> None:
        statement = allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*", Principal={"AWS": principal})
        aws.client("s3").put_bucket_policy(Bucket=bucket, Policy=document(statement))

    def test_open_to_a_role_that_may(self, aws: Aws, bucket: str) -> None:
        role = aws.role("reader", allow("s3:GetObject", "*"), by=HUB)
        self._open_to(aws, bucket, role)
        reader = aws.client("s3", aws.assume(role))
        assert reader.get_object(Bucket=bucket, Key="a")["Body"].read() == b"1"

    def test_open_to_a_role_that_may_not(self, aws: Aws, bucket: str) -> None:
        role = aws.role("reader", by=HUB)
        self._open_to(aws, bucket, role)
        reader = aws.client("s3", aws.assume(role))
        assert "AccessDenied" in refusal(lambda: reader.get_object(Bucket=bucket, Key="a"))

    def test_closed_to_a_role_that_may(self, aws: Aws, bucket: str) -> None:
        self._open_to(aws, bucket, aws.role("other", by=HUB))
        reader = aws.client("s3", aws.session(allow("s3:GetObject", "*"), by=HUB))
        assert "AccessDenied" in refusal(lambda: reader.get_object(Bucket=bucket, Key="a"))

    def test_closed_to_that_accounts_root(self, aws: Aws, bucket: str) -> None:
        root = aws.client("s3", HUB)
        assert "AccessDenied" in refusal(lambda: root.get_object(Bucket=bucket, Key="a"))


class TestMissingObject:
    """S3 tells only those who may list the bucket that an object isn't there."""

    def _status(self, aws: Aws, *statements: dict[str, Any]) -> str:
        s3 = aws.client("s3", aws.session(allow("s3:GetObject", "*"), *statements))
        bucket = aws.bucket()
        return refusal(lambda: s3.head_object(Bucket=bucket, Key="a")).partition(":")[0]

    def test_for_a_caller_who_may_list(self, aws: Aws) -> None:
        assert self._status(aws, allow("s3:ListBucket", "*")) == "404"

    def test_for_a_caller_who_may_not(self, aws: Aws) -> None:
        assert self._status(aws) == "403"

    def test_for_root(self, aws: Aws) -> None:
        s3, bucket = aws.client("s3"), aws.bucket()
        assert refusal(lambda: s3.get_object(Bucket=bucket, Key="a")).startswith("NoSuchKey")


def test_a_list_condition_on_the_prefix_holds(aws: Aws) -> None:
    bucket = aws.bucket(DATA)
    only = allow(
        "s3:ListBucket",
        f"arn:aws:s3:::{bucket}",
        Condition={"StringLike": {"s3:prefix": ["in/*"]}},
    )
    s3 = aws.client("s3", aws.session(only))
    s3.list_objects_v2(Bucket=bucket, Prefix="in/")
    assert "s3:ListBucket" in refusal(lambda: s3.list_objects_v2(Bucket=bucket))
