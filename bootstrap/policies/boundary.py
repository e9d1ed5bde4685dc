"""The permissions boundary: the most that any role of the stack may do in an account.

It allows what the roles do, under the stack's prefix and in its Regions. No role can create
another one, change a policy, a key or a bucket's settings, or pass a role but the one for training.
"""

from __future__ import annotations

from bootstrap.policies.scope import Scope
from components.aws.organization import of_resource
from components.aws.policy_document import EVERYTHING, Condition, Statement, statement
from components.backup.policies import AIRFLOW_ROLE as BACKUP_ROLE
from components.network.interface_policies import (
    GLUE_TAG,
    LAMBDA_INTERFACE_ACTIONS,
    NOT_BY_FUNCTION_CODE,
)
from components.uploads.policies import AIRFLOW_ROLE

_USE_KEY = ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey")

_JOB_INTERFACE_ACTIONS = (
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterfacePermission",
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeRouteTables",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeVpcAttribute",
    "ec2:DescribeVpcEndpoints",
    "ec2:DescribeVpcs",
)
"""What connecting the jobs of Glue and SageMaker takes beside what Lambda takes."""


def boundary(scope: Scope) -> list[Statement]:
    """The statements of the boundary of an account's roles."""
    return [
        _buckets(scope),
        *_keys(scope),
        _logs(scope),
        _account_wide(),
        *_images(scope),
        *_hub(scope),
        *_network_interfaces(scope),
        *_work(scope),
        _no_other_region(scope),
    ]


def _buckets(scope: Scope) -> Statement:
    return statement(
        "Buckets",
        [
            "s3:AbortMultipartUpload",
            "s3:DeleteObject",
            "s3:DeleteObjectVersion",
            "s3:GetBucketLocation",
            "s3:GetBucketPublicAccessBlock",
            "s3:GetBucketVersioning",
            "s3:GetObject",
            "s3:GetObjectVersion",
            "s3:GetObjectVersionAcl",
            "s3:GetObjectVersionForReplication",
            "s3:GetObjectVersionTagging",
            "s3:GetReplicationConfiguration",
            "s3:InitiateReplication",
            "s3:ListBucket",
            "s3:ListBucketVersions",
            "s3:PutInventoryConfiguration",
            "s3:PutObject",
            "s3:PutObjectTagging",
            "s3:ReplicateObject",
            "s3:ReplicateTags",
        ],
        scope.bucket_arn(f"{scope.prefix}-*"),
        _in_organization(scope),
    )


def _in_organization(scope: Scope) -> Condition | None:
    """For what may be another account's. Images and Airflow's queue are AWS's own."""
    condition = of_resource(scope.organization_id)
    return {"StringEquals": condition} if condition else None


def _keys(scope: Scope) -> list[Statement]:
    """The account's keys with an alias of the stack's, which the deploy role can put on no other.

    In another account a key is only used for what S3 keeps in a bucket of the stack.
    """
    own = scope.arn("kms", "key/*")
    aliases = {"ForAnyValue:StringLike": {"kms:ResourceAliases": f"alias/{scope.prefix}-*"}}
    for_aws: Condition = {**aliases, "Bool": {"kms:GrantIsForAWSResource": "true"}}
    buckets: Condition = {
        "StringLike": {
            "kms:EncryptionContext:aws:s3:arn": scope.bucket_arn(f"{scope.prefix}-*"),
            "kms:ViaService": "s3.*",
        },
        **(_in_organization(scope) or {}),
    }
    others = [each for each in scope.account_ids if each != scope.account_id]
    elsewhere = [scope.arn("kms", "key/*", account=each) for each in others]
    return [
        statement("Keys", [*_USE_KEY, "kms:DescribeKey"], own, aliases),
        statement("GrantsForVolumes", "kms:CreateGrant", own, for_aws),
        *([statement("KeysOfReplicas", _USE_KEY, elsewhere, buckets)] if elsewhere else []),
    ]


def _logs(scope: Scope) -> Statement:
    return statement(
        "Logs",
        [
            "logs:AssociateKmsKey",
            "logs:CreateLogGroup",
            "logs:CreateLogStream",
            "logs:DescribeLogStreams",
            "logs:GetLogEvents",
            "logs:GetLogGroupFields",
            "logs:GetLogRecord",
            "logs:GetQueryResults",
            "logs:PutLogEvents",
        ],
        [*scope.log_groups(), scope.arn("logs", "log-group:/aws/sagemaker/TrainingJobs*")],
    )


def _account_wide() -> Statement:
    return statement(
        "AccountWide",
        [
            "cloudwatch:PutMetricData",
            "ecr:GetAuthorizationToken",
            "glue:GetSecurityConfiguration",
            "logs:DescribeLogGroups",
            "s3:GetAccountPublicAccessBlock",
            "xray:PutTelemetryRecords",
            "xray:PutTraceSegments",
        ],
        EVERYTHING,
    )


def _images(scope: Scope) -> list[Statement]:
    if not scope.images:
        return []
    return [
        statement(
            "Images",
            [
                "ecr:BatchCheckLayerAvailability",
                "ecr:BatchGetImage",
                "ecr:GetDownloadUrlForLayer",
            ],
            scope.images,
        )
    ]


def _hub(scope: Scope) -> list[Statement]:
    """What the hub's roles do, and what a pipeline tells the hub.

    One statement, for the sake of IAM's size: no action of one service applies to another's ARN.
    """
    existing = [] if scope.existing_topic_arn is None else [scope.existing_topic_arn]
    roles = [AIRFLOW_ROLE, *([] if scope.backup_region is None else [BACKUP_ROLE])]
    return [
        statement(
            "Hub",
            [
                "airflow:GetEnvironment",
                "airflow:InvokeRestApi",
                "airflow:PublishMetrics",
                "events:PutEvents",
                "secretsmanager:DescribeSecret",
                "secretsmanager:GetSecretValue",
                "secretsmanager:PutSecretValue",
                "secretsmanager:UpdateSecretVersionStage",
                "sns:Publish",
                "sqs:ChangeMessageVisibility",
                "sqs:DeleteMessage",
                "sqs:GetQueueAttributes",
                "sqs:GetQueueUrl",
                "sqs:ReceiveMessage",
                "sqs:SendMessage",
            ],
            [
                scope.arn("airflow", f"environment/{scope.prefix}-*"),
                *(scope.arn("airflow", f"role/{scope.prefix}-*/{role}") for role in roles),
                scope.arn("events", f"event-bus/{scope.prefix}-*", account="*"),
                scope.arn("secretsmanager", f"secret:{scope.prefix}-*"),
                scope.arn("sns", f"{scope.prefix}-*"),
                *existing,
                # Airflow's own queue, and that of uploads.
                scope.arn("sqs", "airflow-celery-*", account="*"),
                scope.arn("sqs", f"{scope.prefix}-*"),
            ],
        ),
        statement(
            "RolesOfPipelines",
            "sts:AssumeRole",
            scope.iam_arn(f"role/{scope.prefix}-*-crossaccount", account="*"),
            _in_organization(scope),
        ),
    ]


def _work(scope: Scope) -> list[Statement]:
    connections = [scope.arn("glue", "catalog"), scope.arn("glue", f"connection/{scope.prefix}-*")]
    return [
        statement(
            "Work",
            [
                *(["glue:GetConnection"] if scope.has_networks else []),
                "glue:GetJobRun",
                "glue:GetJobRuns",
                "glue:StartJobRun",
                "lambda:InvokeFunction",
                "sagemaker:CreateHyperParameterTuningJob",
                "sagemaker:CreateTrainingJob",
                "sagemaker:DescribeHyperParameterTuningJob",
                "sagemaker:DescribeTrainingJob",
                "sagemaker:ListTrainingJobsForHyperParameterTuningJob",
            ],
            [
                *(connections if scope.has_networks else []),
                scope.arn("glue", f"job/{scope.prefix}-*"),
                scope.arn("lambda", f"function:{scope.prefix}-*"),
                scope.arn("sagemaker", f"hyper-parameter-tuning-job/{scope.names.tuning_jobs}"),
                scope.arn("sagemaker", f"training-job/{scope.prefix}-*"),
                scope.arn("sagemaker", f"training-job/{scope.names.tuning_jobs}"),
            ],
        ),
        statement(
            "TrainingRole",
            "iam:PassRole",
            scope.iam_arn(f"role/{scope.prefix}-*-sagemaker"),
            {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
        ),
    ]


def _network_interfaces(scope: Scope) -> list[Statement]:
    """For services, which connect functions and jobs to a network; not for a function's own code.

    Subnets and security groups are in the roles' own policies: EC2 gives them their ids.
    """
    actions = [*LAMBDA_INTERFACE_ACTIONS, *(_JOB_INTERFACE_ACTIONS if scope.has_networks else ())]
    connected = statement("NetworkInterfaces", actions, EVERYTHING, NOT_BY_FUNCTION_CODE)
    if not scope.has_networks:
        return [connected]
    tagged = statement(
        "TagInterfaces",
        "ec2:CreateTags",
        scope.arn("ec2", "network-interface/*"),
        {"ForAllValues:StringEquals": {"aws:TagKeys": [GLUE_TAG]}},
    )
    return [connected, tagged]


def _no_other_region(scope: Scope) -> Statement:
    """IAM and STS are called in Regions of their own choice."""
    denied = statement(
        "NoOtherRegion",
        ["iam:*", "sts:*"],
        EVERYTHING,
        {"StringNotEquals": {"aws:RequestedRegion": scope.regions}},
        effect="Deny",
    )
    denied["NotAction"] = denied.pop("Action")
    return denied
