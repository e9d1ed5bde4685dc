"""An S3 stand-in that enforces IAM, and the sessions of the pipelines' roles in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.error import URLError
from urllib.request import urlopen

import boto3

from local.free_port import free_port

ACCOUNT = "222222222222"
POLICIES = Path(__file__).parents[1] / "components/policies/same-account"
"""The pipelines' policies as the components write them, with which the workloads run."""

READY_SECONDS = 120


@dataclass(frozen=True)
class Session:
    """Credentials for the stand-in."""

    endpoint: str
    region: str
    access_key: str
    secret_key: str
    token: str | None = None

    def client(self, service: Literal["iam", "s3", "sts"]) -> Any:
        """A client that acts with these credentials."""
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=self.region,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            aws_session_token=self.token,
        )

    def variables(self) -> dict[str, str]:
        """The environment variables that say the same."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_SESSION_TOKEN": self.token or "",
        }


@dataclass(frozen=True)
class Pipeline:
    """A pipeline's bucket, seen by its account's root and by the role of its workload."""

    bucket: str
    root: Session
    role: Session

    def put(self, key: str, body: bytes) -> None:
        """Upload an object as the account's root."""
        self.root.client("s3").put_object(Bucket=self.bucket, Key=key, Body=body)

    def get(self, key: str) -> bytes:
        """An object's content, read as the account's root."""
        body: bytes = self.root.client("s3").get_object(Bucket=self.bucket, Key=key)["Body"].read()
        return body

    def keys(self, prefix: str) -> list[str]:
        """The keys that begin with `prefix`."""
        pages = self.root.client("s3").get_paginator("list_objects_v2")
        found = pages.paginate(Bucket=self.bucket, Prefix=prefix)
        return [item["Key"] for page in found for item in page.get("Contents", [])]


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """The stand-in's address, for as long as it runs."""
    port = free_port("127.0.0.1")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "AUTH": "true",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
    }
    with (folder / "stand-in.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "ministack"],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        endpoint = f"http://127.0.0.1:{port}"
        wait_until_ready(process, endpoint, folder / "stand-in.log")
        yield endpoint
    finally:
        process.terminate()
        process.wait()


def wait_until_ready(process: subprocess.Popen[bytes], endpoint: str, log: Path) -> None:
    """Return once the stand-in answers."""
    deadline = time.monotonic() + READY_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urlopen(f"{endpoint}/_ministack/health", timeout=5):  # noqa: S310 - loopback
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"The stand-in didn't start: {log.read_text(errors='replace')[-2000:]}")


def bucket_name(name: str, region: str) -> str:
    """The bucket of a pipeline."""
    return f"unified-pipelines-dev-{name}-{ACCOUNT}-{region}"


def make_pipeline(
    endpoint: str,
    name: str,
    purpose: str,
    region: str,
    *,
    policy_text: str | None = None,
    beyond: Sequence[str] = (),
) -> Pipeline:
    """A versioned bucket, and a role with the policy that the components write for `purpose`.

    Or with another policy. `beyond` are S3 actions on the bucket's data that the stand-in, unlike
    AWS, asks for as well.
    """
    root = Session(endpoint, region, ACCOUNT, "root")
    bucket = bucket_name(name, region)
    elsewhere = {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3, iam = root.client("s3"), root.client("iam")
    s3.create_bucket(Bucket=bucket, **({} if region == "us-east-1" else elsewhere))
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    role = f"{name}-{purpose}"
    text = policy_text or (POLICIES / f"{role}-role.policy.json").read_text(encoding="utf-8")
    policy = json.loads(text.replace("KEY:", f"arn:aws:kms:{region}:{ACCOUNT}:key/"))
    data = f"arn:aws:s3:::{bucket}/transformed/*"
    policy["Statement"] += [
        {"Effect": "Allow", "Action": action, "Resource": data} for action in beyond
    ]
    arn = iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    iam.put_role_policy(
        RoleName=role,
        PolicyName="permissions",
        PolicyDocument=json.dumps(policy),
    )
    given = root.client("sts").assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
    session = Session(
        endpoint,
        region,
        given["AccessKeyId"],
        given["SecretAccessKey"],
        given["SessionToken"],
    )
    return Pipeline(bucket, root, session)
