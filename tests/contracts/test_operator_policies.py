"""The policies of the operator roles, evaluated for what they allow and for what they don't."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping

import pytest

from bootstrap.policies.documents import operator_policies
from components.aws.naming import Names
from tests.contracts.evaluated_policies import decision, scope

ACCOUNT, REGION = "111111111111", "us-east-1"
PREFIX = "unified-pipelines-dev"
ENVIRONMENT = f"{PREFIX}-hub-airflow"
BUCKET = f"arn:aws:s3:::{PREFIX}-east1-{ACCOUNT}-{REGION}"
RUN = "20261122T123336123456"
TUNING = f"{Names(project='unified-pipelines', stack='dev').tuning_job_prefix('west2')}-{RUN}"
KEY: dict[str, str | list[str]] = {
    "kms:ResourceAliases": [f"alias/{PREFIX}-east1-key"],
    "kms:ViaService": "s3.amazonaws.com",
}


def allowed(
    action: str, resource: str, conditions: Mapping[str, str | list[str]] | None = None
) -> bool:
    """Whether the operator role of an account with hub and pipelines may do it."""
    both = dataclasses.replace(scope("dev", ACCOUNT), has_pipelines=True)
    policies = [json.loads(text) for text in operator_policies(both).values()]
    return decision(policies, action, resource, region=REGION, conditions=conditions) == "Allow"


def arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("airflow:GetEnvironment", arn("airflow", f"environment/{ENVIRONMENT}")),
        ("airflow:InvokeRestApi", arn("airflow", f"role/{ENVIRONMENT}/Op")),
        ("sqs:GetQueueAttributes", arn("sqs", f"{PREFIX}-hub-uploads")),
        ("cloudwatch:DescribeAlarms", "*"),
        ("tag:GetResources", "*"),
        ("s3:PutObject", f"{BUCKET}/raw/data.csv"),
        ("s3:GetObject", f"{BUCKET}/transformed/run={RUN}/_manifest.json"),
        ("s3:GetObject", f"{BUCKET}/rejected/run={RUN}/1/part-0.jsonl"),
        ("s3:GetObject", f"{BUCKET}/runs/{RUN}/summary.json"),
        ("s3:GetObject", f"{BUCKET}/models/run={RUN}/job/output/model.tar.gz"),
        ("s3:CreateJob", "*"),
        ("s3:DescribeJob", arn("s3", "job/1")),
        ("glue:GetJobRuns", arn("glue", f"job/{PREFIX}-east1-job")),
        ("sagemaker:DescribeTrainingJob", arn("sagemaker", f"training-job/{PREFIX}-west2-{RUN}")),
        ("sagemaker:DescribeTrainingJob", arn("sagemaker", f"training-job/{TUNING}-001-0123abcd")),
        (
            "sagemaker:ListTrainingJobsForHyperParameterTuningJob",
            arn("sagemaker", f"hyper-parameter-tuning-job/{TUNING}"),
        ),
        (
            "logs:GetLogEvents",
            arn("logs", f"log-group:airflow-{ENVIRONMENT}-Task:log-stream:attempt=1.log"),
        ),
    ],
)
def test_it_may_start_runs_and_see_what_became_of_them(action: str, resource: str) -> None:
    assert allowed(action, resource)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("airflow:InvokeRestApi", arn("airflow", f"role/{ENVIRONMENT}/Admin")),
        ("airflow:InvokeRestApi", arn("airflow", "role/unified-pipelines-prod-hub-airflow/Op")),
        ("airflow:UpdateEnvironment", arn("airflow", f"environment/{ENVIRONMENT}")),
        ("sqs:ReceiveMessage", arn("sqs", f"{PREFIX}-hub-uploads")),
        ("s3:GetObject", f"{BUCKET}/raw/data.csv"),
        ("s3:GetObject", f"{BUCKET}/transformed/run={RUN}/1/train/part-0.csv"),
        ("s3:GetObject", f"{BUCKET}/models/run={RUN}/model.tar.gz"),
        ("s3:PutObject", f"{BUCKET}/transformed/run={RUN}/_manifest.json"),
        ("s3:DeleteObject", f"{BUCKET}/raw/data.csv"),
        ("s3:ListBucket", BUCKET),
        ("glue:StartJobRun", arn("glue", f"job/{PREFIX}-east1-job")),
        ("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/{PREFIX}-east1-crossaccount"),
        ("kms:Decrypt", arn("kms", "key/1")),
    ],
)
def test_it_may_do_nothing_else(action: str, resource: str) -> None:
    assert not allowed(action, resource)


def test_it_passes_the_role_for_replication_alone_and_to_its_service_alone() -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/{PREFIX}-east1"
    batch: dict[str, str | list[str]] = {"iam:PassedToService": "batchoperations.s3.amazonaws.com"}
    other: dict[str, str | list[str]] = {"iam:PassedToService": "glue.amazonaws.com"}
    assert allowed("iam:PassRole", f"{role}-batch", batch)
    assert not allowed("iam:PassRole", f"{role}-batch", other)
    assert not allowed("iam:PassRole", f"{role}-glue", batch)


def test_it_lists_the_versions_of_raw_files_alone() -> None:
    assert allowed("s3:ListBucketVersions", BUCKET, {"s3:prefix": "raw/"})
    assert not allowed("s3:ListBucketVersions", BUCKET, {"s3:prefix": "models/"})
    assert not allowed("s3:ListBucketVersions", BUCKET)


def test_iam_takes_the_size() -> None:
    """The functions raise where it doesn't."""
    largest = dataclasses.replace(
        scope("dev", ACCOUNT),
        names=Names(project="unified-pipelines", stack="s" * 12),
        regions=tuple(f"ap-southeast-{number}" for number in range(17)),
        account_ids=tuple(str(number) * 12 for number in range(10)),
        has_pipelines=True,
    )
    assert set(operator_policies(largest)) == {
        "hub",
        "pipelines",
        "results",
        "models",
        "replication",
        "inventory",
    }


def test_a_key_is_used_through_s3_and_for_the_stacks_buckets_alone() -> None:
    key = arn("kms", "key/1")
    assert allowed("kms:GenerateDataKey", key, KEY)
    assert not allowed(
        "kms:GenerateDataKey", key, {**KEY, "kms:ViaService": "lambda.amazonaws.com"}
    )
    assert not allowed("kms:GenerateDataKey", key, {**KEY, "kms:ResourceAliases": ["alias/x"]})
