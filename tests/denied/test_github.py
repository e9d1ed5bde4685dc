"""GitHub's jobs enter the embedded AWS by their token, and come as far as its subject says."""

from __future__ import annotations

import base64
import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.denied.deployed_stacks import ANONYMOUS, DeployedStacks

REPOSITORY = "repo:example/unified-pipelines"


def token(subject: str, audience: str) -> str:
    """A token as GitHub issues it, less the signature, which the embedded AWS doesn't check."""
    claims = {
        "iss": "https://token.actions.githubusercontent.com",
        "sub": subject,
        "aud": audience,
    }
    parts = [
        base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=").decode()
        for each in ({"alg": "RS256", "typ": "JWT"}, claims)
    ]
    return ".".join([*parts, "signature"])


def entered(stacks: DeployedStacks, role: str, subject: str, audience: str) -> Any:
    """A client of STS with the session that the token gets."""
    found = stacks.client("sts", ANONYMOUS, "us-east-1").assume_role_with_web_identity(
        RoleArn=stacks.role_arn(role),
        RoleSessionName="job",
        WebIdentityToken=token(subject, audience),
    )["Credentials"]
    return boto3.client(
        "sts",
        endpoint_url=stacks.endpoint,
        region_name="us-east-1",
        aws_access_key_id=found["AccessKeyId"],
        aws_secret_access_key=found["SecretAccessKey"],
        aws_session_token=found["SessionToken"],
    )


@pytest.mark.parametrize(
    ("subject", "enters", "assumes"),
    [
        ("pull_request", "preview role of hub", "preview role of {}"),
        ("ref:refs/heads/main", "GitHub role of hub", "deploy role of {}"),
    ],
)
def test_a_job_comes_from_its_role_to_those_of_every_account(
    stacks: DeployedStacks, subject: str, enters: str, assumes: str
) -> None:
    sts = entered(stacks, enters, f"{REPOSITORY}:{subject}", "sts.amazonaws.com")
    for owner in ("hub", "east1"):
        arn = stacks.role_arn(assumes.format(owner))
        given = sts.assume_role(RoleArn=arn, RoleSessionName="provider")
        assert given["AssumedRoleUser"]["Arn"].split("/")[1] == arn.rpartition("/")[2]


@pytest.mark.parametrize(
    ("role", "subject", "audience"),
    [
        ("preview role of hub", f"{REPOSITORY}:ref:refs/heads/main", "sts.amazonaws.com"),
        ("preview role of hub", "repo:foreign/unified-pipelines:pull_request", "sts.amazonaws.com"),
        ("preview role of hub", f"{REPOSITORY}:pull_request", "https://github.com/example"),
        ("preview role of east1", f"{REPOSITORY}:pull_request", "sts.amazonaws.com"),
        ("GitHub role of hub", f"{REPOSITORY}:pull_request", "sts.amazonaws.com"),
        ("GitHub role of hub", f"{REPOSITORY}:ref:refs/heads/main2", "sts.amazonaws.com"),
    ],
)
def test_another_token_enters_nowhere(
    stacks: DeployedStacks, role: str, subject: str, audience: str
) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        entered(stacks, role, subject, audience)
