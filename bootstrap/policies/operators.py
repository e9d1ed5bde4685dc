"""What people need once a stack is deployed: to start runs, and to see what became of them."""

from __future__ import annotations

from bootstrap.policies.scope import Scope
from components.aws.policy_document import EVERYTHING, Statement, statement
from components.pipeline.object_keys import (
    MANIFESTS,
    MODEL_ARCHIVES,
    RAW,
    REJECTED,
    RUN_PREFIXES,
    RUNS,
)
from components.replication.batch_policies import BATCH_ROLE_PURPOSE, BATCH_SERVICE

AIRFLOW_ROLE = "Op"
"""The role in Airflow: it starts and clears runs, and can't change users or permissions."""

_TRAINING_LOGS = "log-group:/aws/sagemaker/TrainingJobs"


def operator_in_hub(scope: Scope) -> list[Statement]:
    """The statements for the hub's account."""
    name, region = scope.names.environment(), scope.hub_region
    # Its own account's as well: one template serves them all.
    roles = [
        scope.iam_arn(f"role/{scope.names.operator_role}", account=account_id)
        for account_id in scope.account_ids
    ]
    return [
        statement(
            "Environment",
            "airflow:GetEnvironment",
            scope.arn("airflow", f"environment/{name}", region=region),
        ),
        statement(
            "Airflow",
            "airflow:InvokeRestApi",
            scope.arn("airflow", f"role/{name}/{AIRFLOW_ROLE}", region=region),
        ),
        statement(
            "TaskLogs",
            "logs:GetLogEvents",
            scope.arn("logs", f"log-group:airflow-{name}-Task:log-stream:*", region=region),
        ),
        statement("OperatorRoles", "sts:AssumeRole", roles),
        statement(
            "Uploads",
            "sqs:GetQueueAttributes",
            scope.arn("sqs", f"{scope.prefix}-*", region=region),
        ),
        # A listing that may hold composite alarms takes the permission on every alarm.
        statement("Alarms", "cloudwatch:DescribeAlarms", EVERYTHING),
    ]


def operator_in_pipelines(scope: Scope) -> list[Statement]:
    """The statements for an account with pipelines."""
    return [
        statement(
            "UploadRawFiles",
            ["s3:AbortMultipartUpload", "s3:PutObject"],
            [f"{bucket}/{RAW}*" for bucket in scope.pipeline_buckets()],
        ),
        statement(
            "KeysOfBuckets",
            ["kms:Decrypt", "kms:GenerateDataKey"],
            scope.arn("kms", "key/*"),
            {
                "ForAnyValue:StringLike": {"kms:ResourceAliases": f"alias/{scope.prefix}-*"},
                "StringLike": {"kms:ViaService": "s3.*"},
            },
        ),
        statement(
            "Jobs",
            [
                "glue:GetJobRun",
                "glue:GetJobRuns",
                "sagemaker:DescribeTrainingJob",
                "sagemaker:ListTrainingJobsForHyperParameterTuningJob",
            ],
            [
                scope.arn("glue", f"job/{scope.prefix}-*"),
                scope.arn("sagemaker", f"hyper-parameter-tuning-job/{scope.names.tuning_jobs}"),
                scope.arn("sagemaker", f"training-job/{scope.prefix}-*"),
                scope.arn("sagemaker", f"training-job/{scope.names.tuning_jobs}"),
            ],
        ),
        statement(
            "JobLogs",
            "logs:GetLogEvents",
            [
                scope.arn("logs", f"log-group:/aws-glue/{scope.prefix}-*"),
                scope.arn("logs", f"{_TRAINING_LOGS}:log-stream:{scope.prefix}-*"),
                scope.arn("logs", f"{_TRAINING_LOGS}:log-stream:{scope.names.tuning_jobs}"),
            ],
        ),
        # SageMaker adds to a job's name what only a listing tells.
        # AWS's documents don't agree whether the group's ARN ends in `:*`.
        statement(
            "FindTrainingLogs",
            "logs:DescribeLogStreams",
            [scope.arn("logs", _TRAINING_LOGS), scope.arn("logs", f"{_TRAINING_LOGS}:*")],
        ),
    ]


def operator_on_results(scope: Scope) -> list[Statement]:
    """The statements for what the runs leave: a policy of their own, for want of space."""
    keys = (MANIFESTS, f"{REJECTED}*", f"{RUNS}*")
    results = [f"{bucket}/{key}" for bucket in scope.pipeline_buckets() for key in keys]
    return [
        statement("ReadResults", "s3:GetObject", results),
        statement(
            "FindResults",
            "s3:ListBucket",
            scope.bucket_arn(f"{scope.prefix}-*"),
            {"StringLike": {"s3:prefix": [RUN_PREFIXES, f"{REJECTED}*", f"{RUNS}*"]}},
        ),
        # A backfill starts the current versions, whose ids only this listing tells.
        statement(
            "FindRawFiles",
            "s3:ListBucketVersions",
            scope.bucket_arn(f"{scope.prefix}-*"),
            {"StringLike": {"s3:prefix": f"{RAW}*"}},
        ),
    ]


def operator_on_models(scope: Scope) -> list[Statement]:
    """The statement for the models: a policy of its own, for want of space."""
    archives = [f"{bucket}/{MODEL_ARCHIVES}" for bucket in scope.pipeline_buckets()]
    return [statement("ReadModels", "s3:GetObject", archives)]


def operator_on_replication(scope: Scope) -> list[Statement]:
    """The statements for S3 Batch Replication: a policy of its own, for want of space.

    What a job may do is what its role may, and there is but one that can be passed.
    """
    return [
        # It knows no resource that it could be narrowed to.
        statement("CreateReplicationJob", "s3:CreateJob", EVERYTHING),
        statement("FollowReplicationJob", "s3:DescribeJob", scope.arn("s3", "job/*")),
        statement(
            "PassReplicationRole",
            "iam:PassRole",
            scope.iam_arn(f"role/{scope.prefix}-*-{BATCH_ROLE_PURPOSE}"),
            {"StringEquals": {"iam:PassedToService": BATCH_SERVICE}},
        ),
    ]


def operator_inventory(scope: Scope) -> list[Statement]:
    """The statements for every account: what there is of the stack, by tags and names."""
    return [
        # None of these knows a resource that it could be narrowed to.
        statement(
            "Inventory",
            ["iam:ListPolicies", "iam:ListRoles", "logs:DescribeLogGroups", "tag:GetResources"],
            EVERYTHING,
        ),
        statement(
            "KeysInWaiting",
            "kms:DescribeKey",
            scope.arn("kms", "key/*"),
            {"StringEquals": scope.resource_tags()},
        ),
    ]
