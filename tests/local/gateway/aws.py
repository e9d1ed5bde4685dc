"""What the tests say to a gateway: clients, policies, roles."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from clients.account_host import keep_host

HUB = "111111111111"
DATA = "222222222222"
EAST, WEST = "us-east-1", "us-west-2"

Credentials = Mapping[str, str]
_T = TypeVar("_T")
Statement = dict[str, Any]


def allow(actions: str | Iterable[str], *resources: str, **elements: Any) -> Statement:
    return _statement("Allow", actions, resources, elements)


def deny(actions: str | Iterable[str], *resources: str, **elements: Any) -> Statement:
    return _statement("Deny", actions, resources, elements)


def _statement(
    effect: str, actions: str | Iterable[str], resources: Iterable[str], elements: dict[str, Any]
) -> Statement:
    named = [actions] if isinstance(actions, str) else list(actions)
    statement = {"Effect": effect, "Action": named, **elements}
    return statement | ({"Resource": list(resources)} if resources else {})


def document(*statements: Statement) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(principal: Mapping[str, Any], **condition: Any) -> str:
    elements = {"Principal": principal} | ({"Condition": condition} if condition else {})
    return document(allow("sts:AssumeRole", **elements))


def service_trust(service: str) -> str:
    return trust({"Service": service})


def refusal(call: Callable[[], object]) -> str:
    """The error code and message with which AWS refuses `call`; fails where it doesn't."""
    try:
        call()
    except ClientError as error:
        return f"{error.response['Error']['Code']}: {error.response['Error']['Message']}"
    raise AssertionError("the call was allowed")


def wait_until(get: Callable[[], _T], done: Callable[[_T], bool], seconds: float = 120) -> _T:
    """The first value that is `done`; a wait, not a measurement."""
    deadline = time.monotonic() + seconds
    while not done(value := get()):
        assert time.monotonic() < deadline, f"still {value!r}"
        time.sleep(0.1)
    return value


@dataclass(kw_only=True)
class Aws:
    """A running gateway."""

    endpoint: str
    directory: Path
    _count: int = 0
    _session: boto3.session.Session = field(default_factory=boto3.session.Session)

    def unique(self, name: str) -> str:
        """A name that no other test uses."""
        self._count += 1
        return f"{name}-{self._count}"

    def client(self, service: str, by: str | Credentials = DATA, region: str = EAST) -> Any:
        """A client that acts as an account's root, or as a session."""
        keys = {"access_key_id": by, "secret_access_key": "root"} if isinstance(by, str) else by
        make: Any = self._session.client
        client = make(
            service,
            endpoint_url=self.endpoint,
            region_name=region,
            config=Config(
                retries={"total_max_attempts": 1},
                inject_host_prefix=False,
                s3={"addressing_style": "path"},
            ),
            **{f"aws_{name}": value for name, value in keys.items()},
        )
        keep_host(client)
        return client

    def role(self, name: str, *statements: Statement, by: str = DATA, trusted: str = "") -> str:
        """The ARN of a new role, trusted by its own account's root unless told otherwise."""
        iam = self.client("iam", by)
        named = self.unique(name)
        iam.create_role(
            RoleName=named,
            AssumeRolePolicyDocument=trusted or trust({"AWS": f"arn:aws:iam::{by}:root"}),
        )
        if statements:
            self.permit(f"arn:aws:iam::{by}:role/{named}", *statements)
        return f"arn:aws:iam::{by}:role/{named}"

    def permit(self, role_arn: str, *statements: Statement) -> None:
        """Give a role these statements, in place of those it had."""
        self.client("iam", role_arn.split(":")[4]).put_role_policy(
            RoleName=role_arn.rpartition("/")[2],
            PolicyName="permissions",
            PolicyDocument=document(*statements),
        )

    def assume(
        self, role_arn: str, by: str | Credentials | None = None, **more: Any
    ) -> Credentials:
        """Credentials of a session of the role."""
        sts = self.client("sts", by or role_arn.split(":")[4])
        given = sts.assume_role(RoleArn=role_arn, RoleSessionName="test", **more)["Credentials"]
        return {
            "access_key_id": given["AccessKeyId"],
            "secret_access_key": given["SecretAccessKey"],
            "session_token": given["SessionToken"],
        }

    def session(self, *statements: Statement, by: str = DATA) -> Credentials:
        """A session of a new role that may do just this."""
        return self.assume(self.role("session", *statements, by=by))

    def bucket(self, by: str = DATA, region: str = EAST, *, versioned: bool = False) -> str:
        """The name of a new bucket."""
        name = self.unique(f"bucket-{by}")
        s3 = self.client("s3", by, region)
        location = (
            {} if region == EAST else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        )
        s3.create_bucket(Bucket=name, **location)
        if versioned:
            s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        return name

    def key(self, by: str = DATA, region: str = EAST, *statements: Statement) -> str:
        """The ARN of a new key that delegates to its account's policies."""
        root = allow("kms:*", "*", Principal={"AWS": f"arn:aws:iam::{by}:root"})
        kms = self.client("kms", by, region)
        arn: str = kms.create_key(Policy=document(root, *statements))["KeyMetadata"]["Arn"]
        return arn

    def encrypt(self, bucket: str, key: str, by: str = DATA, region: str = EAST) -> None:
        """Make `key` the bucket's default encryption, with Bucket Keys."""
        rule = {
            "ApplyServerSideEncryptionByDefault": {
                "SSEAlgorithm": "aws:kms",
                "KMSMasterKeyID": key,
            },
            "BucketKeyEnabled": True,
        }
        self.client("s3", by, region).put_bucket_encryption(
            Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]}
        )

    def calls(self, action: str) -> list[dict[str, Any]]:
        """What the gateway recorded of an action."""
        text = (self.directory / "authorized_calls.jsonl").read_text(encoding="utf-8")
        rows = [json.loads(line) for line in text.splitlines()]
        return [row for row in rows if row["action"] == action]

    def log(self) -> str:
        """The gateway's own log."""
        return (self.directory / "logs" / "gateway.log").read_text(encoding="utf-8")
