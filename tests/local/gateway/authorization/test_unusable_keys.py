"""Keys that no caller can use any more, or not in this Region, though policies allow it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.local.gateway.aws import DATA, EAST, WEST, Aws, allow, refusal

_PERMISSIONS = ("s3:*", "secretsmanager:*", "kms:Decrypt", "kms:GenerateDataKey")

Change = Callable[[Any, str], object]


def _disable(kms: Any, key: str) -> None:
    kms.disable_key(KeyId=key)


def _delete(kms: Any, key: str) -> None:
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)


_SAID: dict[Change, str] = {
    _disable: "KMS.DisabledException: {key} is disabled.",
    _delete: "KMS.KMSInvalidStateException: {key} is pending deletion.",
}
"""How a key goes out of use, and what S3 says of it then."""


@pytest.fixture(params=["a role", "root"])
def caller(aws: Aws, request: pytest.FixtureRequest) -> Any:
    return DATA if request.param == "root" else aws.session(allow(_PERMISSIONS, "*"))


class TestObject:
    """S3 passes on what AWS KMS says."""

    @pytest.fixture
    def key(self, aws: Aws) -> str:
        return aws.key()

    @pytest.fixture
    def address(self, aws: Aws, key: str) -> dict[str, str]:
        bucket = aws.bucket()
        aws.encrypt(bucket, key)
        return {"Bucket": bucket, "Key": "a"}

    @pytest.mark.parametrize("change", _SAID)
    def test_of_a_key_out_of_use(
        self, aws: Aws, caller: Any, address: dict[str, str], change: Change
    ) -> None:
        s3, said = aws.client("s3", caller), _SAID[change]
        key = s3.put_object(**address, Body=b"1")["SSEKMSKeyId"]
        change(aws.client("kms"), key)
        assert refusal(lambda: s3.get_object(**address)) == said.format(key=key)
        assert refusal(lambda: s3.put_object(**address, Body=b"2")) == said.format(key=key)

    def test_of_a_key_in_use_again(self, aws: Aws, key: str, address: dict[str, str]) -> None:
        s3, kms = aws.client("s3"), aws.client("kms")
        s3.put_object(**address, Body=b"1")
        kms.disable_key(KeyId=key)
        kms.enable_key(KeyId=key)
        assert s3.get_object(**address)["Body"].read() == b"1"

    def test_of_another_regions_key(self, aws: Aws, caller: Any) -> None:
        bucket = aws.bucket()
        aws.encrypt(bucket, aws.key(region=WEST))
        s3 = aws.client("s3", caller)
        said = refusal(lambda: s3.put_object(Bucket=bucket, Key="a", Body=b"1"))
        assert said == f"KMS.NotFoundException: Invalid arn {WEST}"

    def test_of_a_key_that_is_not_there(self, aws: Aws) -> None:
        bucket = aws.bucket()
        missing = f"arn:aws:kms:{EAST}:{DATA}:key/00000000-0000-0000-0000-000000000000"
        aws.encrypt(bucket, missing)
        said = refusal(lambda: aws.client("s3").put_object(Bucket=bucket, Key="a", Body=b"1"))
        assert said == f"KMS.NotFoundException: Key '{missing}' does not exist"

    def test_a_caller_without_permission_isnt_told_the_keys_state(
        self, aws: Aws, key: str, address: dict[str, str]
    ) -> None:
        _disable(aws.client("kms"), key)
        s3 = aws.client("s3", aws.session(allow("s3:PutObject", "*")))
        assert refusal(lambda: s3.put_object(**address, Body=b"1")).startswith("AccessDenied: ")


class TestSecret:
    """Secrets Manager says what it couldn't do with the secret."""

    @pytest.mark.parametrize("change", [_disable, _delete])
    def test_of_a_key_out_of_use(self, aws: Aws, caller: Any, change: Change) -> None:
        key, secrets, name = aws.key(), aws.client("secretsmanager", caller), aws.unique("secret")
        secrets.create_secret(Name=name, SecretString="{}", KmsKeyId=key)
        change(aws.client("kms"), key)
        read = refusal(lambda: secrets.get_secret_value(SecretId=name))
        written = refusal(lambda: secrets.put_secret_value(SecretId=name, SecretString="1"))
        assert read.startswith("DecryptionFailure: Secrets Manager can't decrypt")
        assert written.startswith("EncryptionFailure: Secrets Manager can't encrypt")
        assert key in read
        assert key in written

    def test_of_another_regions_key(self, aws: Aws, caller: Any) -> None:
        secrets, name = aws.client("secretsmanager", caller), aws.unique("secret")
        request = {"Name": name, "SecretString": "{}", "KmsKeyId": aws.key(region=WEST)}
        said = refusal(lambda: secrets.create_secret(**request))
        assert said.startswith("EncryptionFailure: ")
        assert said.endswith(f"(Invalid arn {WEST})")
