"""What the execution role may do and who may assume it: pure functions of names and ARNs.

The execution role has no permission for Glue, SageMaker, Lambda or a pipeline's bucket.
Airflow falls back to that role when a connection is missing, so such a permission would turn a
broken connection into work done in the wrong account. Nothing here imports Pulumi.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from components.aws.arns import bucket_arn, log_group_arn, log_stream_arns, service_arn
from components.aws.customer_key_policy import via_service
from components.aws.policy_document import EVERYTHING, Statement, service_trust, statement
from components.monitoring.metrics import RUNS
from components.monitoring.policies import publishing
from components.monitoring.topic import NotificationTopic
from components.pipeline.connection_names import connections_prefix

METRIC_NAMESPACES = ["AWS/MWAA", "AmazonMWAA"]
"""Amazon MWAA user guide, "Monitoring and metrics": of the environment's parts, and of Airflow."""


@dataclass(frozen=True, kw_only=True)
class ExecutionScope:
    """What the execution role's statements are written about."""

    account_id: str
    region: str
    environment: str
    """The environment's name."""
    dag_bucket: str
    log_groups: Sequence[str]
    task_log_group: str
    """The one of them that tasks and their waits log to."""
    key_arn: str
    topic: NotificationTopic | None
    """Where the DAGs tell of failed runs, if anywhere."""

    @property
    def secrets(self) -> str:
        """A pattern for the secrets of the environment's connections."""
        secret = f"secret:{connections_prefix(self.environment)}/*"
        return service_arn("secretsmanager", self.region, self.account_id, secret)


def environment_arn(region: str, account_id: str, environment: str) -> str:
    """The ARN of an Amazon MWAA environment."""
    return service_arn("airflow", region, account_id, f"environment/{environment}")


def execution_trust(region: str, account_id: str, environment: str) -> str:
    """Lets Amazon MWAA, acting for this one environment, assume the execution role."""
    return service_trust(
        "airflow.amazonaws.com",
        "airflow-env.amazonaws.com",
        condition={
            "StringEquals": {"aws:SourceAccount": account_id},
            "ArnLike": {"aws:SourceArn": environment_arn(region, account_id, environment)},
        },
    )


def execution_statements(scope: ExecutionScope) -> list[Statement]:
    """All that the execution role may do, but for assuming the pipelines' roles."""
    return [
        statement(
            "PublishMetrics",
            "airflow:PublishMetrics",
            environment_arn(scope.region, scope.account_id, scope.environment),
        ),
        *_dag_bucket_statements(scope),
        # Neither knows a resource that it could be narrowed to.
        statement(
            "AccountWide",
            ["logs:DescribeLogGroups", "s3:GetAccountPublicAccessBlock"],
            EVERYTHING,
        ),
        statement(
            "ReportMetrics",
            "cloudwatch:PutMetricData",
            EVERYTHING,
            {"StringEquals": {"cloudwatch:namespace": METRIC_NAMESPACES}},
        ),
        statement(
            "ReportRuns",
            "cloudwatch:PutMetricData",
            EVERYTHING,
            {"StringEquals": {"cloudwatch:namespace": RUNS}},
        ),
        *_log_statements(scope),
        _queue_statement(scope),
        *_key_statements(scope),
        statement("ReadConnections", "secretsmanager:GetSecretValue", scope.secrets),
        *(publishing(scope.topic, scope.key_arn, scope.region) if scope.topic else []),
    ]


def _dag_bucket_statements(scope: ExecutionScope) -> list[Statement]:
    bucket = bucket_arn(scope.region, scope.dag_bucket)
    return [
        statement("ReadDagFiles", ["s3:GetObject", "s3:GetObjectVersion"], f"{bucket}/*"),
        statement(
            "InspectDagBucket",
            [
                "s3:GetBucketLocation",
                "s3:GetBucketPublicAccessBlock",
                "s3:GetBucketVersioning",
                "s3:ListBucket",
            ],
            bucket,
        ),
    ]


def _log_statements(scope: ExecutionScope) -> list[Statement]:
    groups = [log_group_arn(scope.region, scope.account_id, name) for name in scope.log_groups]
    streams = [log_stream_arns(scope.region, scope.account_id, name) for name in scope.log_groups]
    tasks = log_group_arn(scope.region, scope.account_id, scope.task_log_group)
    return [
        statement(
            "WriteLogs",
            ["logs:CreateLogStream", "logs:GetLogEvents", "logs:PutLogEvents"],
            streams,
        ),
        statement(
            "ReadLogs",
            ["logs:GetLogGroupFields", "logs:GetLogRecord", "logs:GetQueryResults"],
            # CloudWatch Logs checks some of these against the group and some against its streams.
            [arn for group in groups for arn in (group, f"{group}:*")],
        ),
        # A deferred task's wait logs to a stream of its own, which Airflow's page looks for.
        statement("FindLogsOfWaits", "logs:DescribeLogStreams", [tasks, f"{tasks}:*"]),
    ]


def _queue_statement(scope: ExecutionScope) -> Statement:
    """The queue between scheduler and workers is in an account of AWS's own."""
    return statement(
        "CeleryQueue",
        [
            "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:GetQueueUrl",
            "sqs:ReceiveMessage",
            "sqs:SendMessage",
        ],
        service_arn("sqs", scope.region, "*", "airflow-celery-*"),
    )


def _key_statements(scope: ExecutionScope) -> list[Statement]:
    return [
        statement(
            "KeyForQueueAndDagFiles",
            ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"],
            scope.key_arn,
            via_service(scope.region, "sqs", "s3"),
        ),
        statement(
            "KeyForConnections",
            "kms:Decrypt",
            scope.key_arn,
            {
                **via_service(scope.region, "secretsmanager"),
                "StringLike": {"kms:EncryptionContext:SecretARN": scope.secrets},
            },
        ),
    ]
