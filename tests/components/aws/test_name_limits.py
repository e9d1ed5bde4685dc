"""Names at the edge: what still fits stays as it is, one character more is cut."""

from __future__ import annotations

import pytest

from components.aws import naming
from components.aws.naming import Names

DEV = Names(project="unified-pipelines", stack="dev")


def test_the_limits_are_those_of_the_api_references() -> None:
    assert {
        "IAM role": naming.ROLE_NAME_LIMIT,
        "IAM policy": naming.POLICY_NAME_LIMIT,
        "S3 bucket": naming.BUCKET_NAME_LIMIT,
        "Lambda function": naming.FUNCTION_NAME_LIMIT,
        "MWAA environment": naming.ENVIRONMENT_NAME_LIMIT,
        "Glue": naming.GLUE_NAME_LIMIT,
        "KMS alias": naming.KEY_ALIAS_LIMIT,
        "CloudWatch log group": naming.LOG_GROUP_NAME_LIMIT,
    } == {
        "IAM role": 64,
        "IAM policy": 128,
        "S3 bucket": 63,
        "Lambda function": 64,
        "MWAA environment": 80,
        "Glue": 255,
        # 256 with `alias/`.
        "KMS alias": 250,
        "CloudWatch log group": 512,
    }


@pytest.mark.parametrize(
    ("purpose", "end"),
    [
        ("x" * 36, "x" * 36),
        ("x" * 37, f"{'x' * 29}-db34bd"),
        # The hash stands after one hyphen.
        (f"{'x' * 28}-_{'x' * 30}", f"{'x' * 28}-764cc2"),
        (f"{'x' * 28}X{'x' * 30}", f"{'x' * 28}X-2759e7"),
    ],
)
def test_a_role_name_of_64_characters_fits(purpose: str, end: str) -> None:
    assert DEV.role("east1", purpose) == f"unified-pipelines-dev-east1-{end}"
    assert len(DEV.role("east1", purpose)) <= 64


@pytest.mark.parametrize(
    ("limit", "name"),
    [
        (26, "unified-pipelines-dev-3f29"),
        (28, "unified-pipelines-dev-3f29d3"),
        (29, "unified-pipelines-dev-3f29d3"),
        (30, "unified-pipelines-dev-e-3f29d3"),
        (31, "unified-pipelines-dev-ea-3f29d3"),
    ],
)
def test_where_there_is_hardly_any_room_the_hash_goes_first(limit: int, name: str) -> None:
    assert DEV.of("east1", "x" * 50, limit=limit) == name


@pytest.mark.parametrize(
    ("stack", "owner", "bucket"),
    [
        ("dev", "twelvechars1", "unified-pipelines-dev-twelvechars1-222222222222-ap-southeast-2"),
        ("local", "elevenchars", "unified-pipelines-local-elevenchars-222222222222-ap-southeast-2"),
        (
            "local",
            "twelvechars1",
            "unified-pipelines-local-twel-0cd224-222222222222-ap-southeast-2",
        ),
    ],
)
def test_a_bucket_name_of_63_characters_fits(stack: str, owner: str, bucket: str) -> None:
    names = Names(project="unified-pipelines", stack=stack)
    assert names.bucket(owner, "222222222222", "ap-southeast-2") == bucket
    assert len(bucket) <= 63


@pytest.mark.parametrize(
    ("project", "stack", "prefix"),
    [
        # What stands at either end is no part of a name.
        ("data.", "dev", "data-dev4460bb"),
        ("data-", "dev", "data-dev0d2902"),
        ("unified-pip-elines", "stage1", "unified-pip-elines-stage1"),
        ("unified-pip-elines", "stage12", "unified-pip-stage113590a"),
        ("Xxx", "dev", "xxx-deve74dcb"),
        ("data", "organisation/other/dev", "data-dev"),
    ],
)
def test_a_prefix(project: str, stack: str, prefix: str) -> None:
    assert Names(project=project, stack=stack).prefix == prefix


def test_a_project_that_no_name_can_begin_with() -> None:
    with pytest.raises(ValueError, match="begins with a letter") as raised:
        Names(project="4pipelines", stack="dev")
    assert str(raised.value) == (
        "project '4pipelines': expected a name that begins with a letter, as AWS "
        "names made of it do; rename the project in Pulumi.yaml"
    )
