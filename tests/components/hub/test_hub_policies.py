"""Every policy of the hub, compared as a whole."""

from __future__ import annotations

import json

from components.aws.policy_document import MANAGED_POLICY_LIMIT
from components.connections.assume_role_policies import POLICIES_PER_ROLE, assume_role_policies
from components.hub.execution_policy import ExecutionScope, execution_statements
from components.network.flow_logs_policy import flow_log_statements

HUB = "111111111111"
ROLE = "arn:aws:iam::222222222222:role/"
LOGS = f"arn:aws:logs:eu-west-1:{HUB}:log-group:"

EXECUTION = [
    {
        "Sid": "PublishMetrics",
        "Effect": "Allow",
        "Action": "airflow:PublishMetrics",
        "Resource": f"arn:aws:airflow:eu-west-1:{HUB}:environment/airflow",
    },
    {
        "Sid": "ReadDagFiles",
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:GetObjectVersion"],
        "Resource": "arn:aws:s3:::dags/*",
    },
    {
        "Sid": "InspectDagBucket",
        "Effect": "Allow",
        "Action": [
            "s3:GetBucketLocation",
            "s3:GetBucketPublicAccessBlock",
            "s3:GetBucketVersioning",
            "s3:ListBucket",
        ],
        "Resource": "arn:aws:s3:::dags",
    },
    {
        "Sid": "AccountWide",
        "Effect": "Allow",
        "Action": ["logs:DescribeLogGroups", "s3:GetAccountPublicAccessBlock"],
        "Resource": "*",
    },
    {
        "Sid": "ReportMetrics",
        "Effect": "Allow",
        "Action": "cloudwatch:PutMetricData",
        "Resource": "*",
        "Condition": {"StringEquals": {"cloudwatch:namespace": ["AWS/MWAA", "AmazonMWAA"]}},
    },
    {
        "Sid": "ReportRuns",
        "Effect": "Allow",
        "Action": "cloudwatch:PutMetricData",
        "Resource": "*",
        "Condition": {"StringEquals": {"cloudwatch:namespace": "UnifiedPipelines"}},
    },
    {
        "Sid": "WriteLogs",
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:GetLogEvents", "logs:PutLogEvents"],
        "Resource": [f"{LOGS}airflow-Task:log-stream:*", f"{LOGS}airflow-Worker:log-stream:*"],
    },
    {
        "Sid": "ReadLogs",
        "Effect": "Allow",
        "Action": ["logs:GetLogGroupFields", "logs:GetLogRecord", "logs:GetQueryResults"],
        "Resource": [
            f"{LOGS}airflow-Task",
            f"{LOGS}airflow-Task:*",
            f"{LOGS}airflow-Worker",
            f"{LOGS}airflow-Worker:*",
        ],
    },
    {
        "Sid": "FindLogsOfWaits",
        "Effect": "Allow",
        "Action": "logs:DescribeLogStreams",
        "Resource": [f"{LOGS}airflow-Task", f"{LOGS}airflow-Task:*"],
    },
    {
        "Sid": "CeleryQueue",
        "Effect": "Allow",
        "Action": [
            "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:GetQueueUrl",
            "sqs:ReceiveMessage",
            "sqs:SendMessage",
        ],
        "Resource": "arn:aws:sqs:eu-west-1:*:airflow-celery-*",
    },
    {
        "Sid": "KeyForQueueAndDagFiles",
        "Effect": "Allow",
        "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"],
        "Resource": "key",
        "Condition": {
            "StringEquals": {
                "kms:ViaService": [
                    "s3.eu-west-1.amazonaws.com",
                    "sqs.eu-west-1.amazonaws.com",
                ]
            }
        },
    },
    {
        "Sid": "KeyForConnections",
        "Effect": "Allow",
        "Action": "kms:Decrypt",
        "Resource": "key",
        "Condition": {
            "StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"},
            "StringLike": {
                "kms:EncryptionContext:SecretARN": (
                    f"arn:aws:secretsmanager:eu-west-1:{HUB}:secret:airflow/connections/*"
                )
            },
        },
    },
    {
        "Sid": "ReadConnections",
        "Effect": "Allow",
        "Action": "secretsmanager:GetSecretValue",
        "Resource": f"arn:aws:secretsmanager:eu-west-1:{HUB}:secret:airflow/connections/*",
    },
]


def test_the_execution_role() -> None:
    scope = ExecutionScope(
        account_id=HUB,
        region="eu-west-1",
        environment="airflow",
        dag_bucket="dags",
        log_groups=["airflow-Task", "airflow-Worker"],
        task_log_group="airflow-Task",
        key_arn="key",
        topic=None,
    )
    assert execution_statements(scope) == EXECUTION


def test_the_role_of_the_flow_logs() -> None:
    assert flow_log_statements("eu-west-1", HUB, "flow") == [
        {
            "Sid": "WriteFlowLogs",
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            "Resource": [f"{LOGS}flow", f"{LOGS}flow:*"],
        },
        {
            "Sid": "FindLogGroup",
            "Effect": "Allow",
            "Action": "logs:DescribeLogGroups",
            "Resource": "*",
        },
    ]


def test_iam_takes_ten_managed_policies_of_6144_characters() -> None:
    assert (POLICIES_PER_ROLE, MANAGED_POLICY_LIMIT) == (10, 6144)


def test_a_pipelines_policy_never_moves() -> None:
    """Moved between two policies, the hub would lack the permission for a moment."""
    names = ("east1", "europe1", "west2", "west3", "a", "m")
    policies = assume_role_policies({name: ROLE + name for name in names})
    assert {number: json.loads(text)["Statement"] for number, text in policies.items()} == {
        number: [
            {
                "Sid": "AssumePipelineRoles",
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Resource": resource,
            }
        ]
        for number, resource in {
            0: f"{ROLE}west3",
            2: f"{ROLE}a",
            6: f"{ROLE}west2",
            7: [f"{ROLE}east1", f"{ROLE}europe1"],
            8: f"{ROLE}m",
        }.items()
    }
