"""The hub's roles, statement by statement."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from components.aws.arns import role_arn
from components.aws.naming import Names
from components.aws.policy_document import MANAGED_POLICY_LIMIT, Statement
from components.connections.assume_role_policies import POLICIES_PER_ROLE, assume_role_policies
from components.hub.execution_policy import ExecutionScope, execution_statements, execution_trust
from components.hub.logs import log_group_names
from components.network.flow_logs_policy import flow_log_statements, flow_log_trust

HUB = "111111111111"
REGION = "eu-west-1"
ENVIRONMENT = "unified-pipelines-dev-hub-airflow"
KEY = f"arn:aws:kms:{REGION}:{HUB}:key/k"
SECRETS = f"arn:aws:secretsmanager:{REGION}:{HUB}:secret:{ENVIRONMENT}/connections/*"
GROUP = f"arn:aws:logs:{REGION}:{HUB}:log-group:airflow-{ENVIRONMENT}-"
NAMES = Names(project="unified-pipelines", stack="dev")

pipeline_names = st.from_regex(r"[a-z][a-z0-9]{0,11}", fullmatch=True)


def scope() -> ExecutionScope:
    return ExecutionScope(
        account_id=HUB,
        region=REGION,
        environment=ENVIRONMENT,
        dag_bucket="dags",
        log_groups=list(log_group_names(ENVIRONMENT).values()),
        task_log_group=log_group_names(ENVIRONMENT)["Task"],
        key_arn=KEY,
        topic=None,
    )


def by_id(statements: list[Statement]) -> dict[str, Statement]:
    return {entry["Sid"]: entry for entry in statements}


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def roles(*names: str) -> dict[str, str]:
    return {
        name: role_arn(REGION, "222222222222", NAMES.role(name, "crossaccount")) for name in names
    }


def resources(policy: str) -> set[str]:
    (entry,) = json.loads(policy)["Statement"]
    assert entry["Action"] == "sts:AssumeRole"
    return set(listed(entry["Resource"]))


class TestExecutionRole:
    """It may do what Amazon MWAA needs, and nothing of what the pipelines do."""

    def test_has_28_actions_besides_assuming_roles(self) -> None:
        actions = {a for entry in execution_statements(scope()) for a in listed(entry["Action"])}
        assert actions == {
            "airflow:PublishMetrics",
            "cloudwatch:PutMetricData",
            "kms:Decrypt",
            "kms:DescribeKey",
            "kms:Encrypt",
            "kms:GenerateDataKey",
            "logs:CreateLogStream",
            "logs:DescribeLogGroups",
            "logs:DescribeLogStreams",
            "logs:GetLogEvents",
            "logs:GetLogGroupFields",
            "logs:GetLogRecord",
            "logs:GetQueryResults",
            "logs:PutLogEvents",
            "s3:GetAccountPublicAccessBlock",
            "s3:GetBucketLocation",
            "s3:GetBucketPublicAccessBlock",
            "s3:GetBucketVersioning",
            "s3:GetObject",
            "s3:GetObjectVersion",
            "s3:ListBucket",
            "secretsmanager:GetSecretValue",
            "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:GetQueueUrl",
            "sqs:ReceiveMessage",
            "sqs:SendMessage",
        }

    def test_everything_is_the_resource_of_three_actions_only(self) -> None:
        wide = [entry for entry in execution_statements(scope()) if entry["Resource"] == "*"]
        assert [entry["Action"] for entry in wide] == [
            ["logs:DescribeLogGroups", "s3:GetAccountPublicAccessBlock"],
            "cloudwatch:PutMetricData",
            "cloudwatch:PutMetricData",
        ]

    def test_reads_no_bucket_but_the_dags(self) -> None:
        buckets = {
            resource
            for entry in execution_statements(scope())
            for resource in listed(entry["Resource"])
            if ":s3:::" in resource
        }
        assert buckets == {"arn:aws:s3:::dags", "arn:aws:s3:::dags/*"}

    def test_reads_only_the_environment_s_connections(self) -> None:
        assert by_id(execution_statements(scope()))["ReadConnections"]["Resource"] == SECRETS

    def test_uses_the_key_through_services_only(self) -> None:
        statements = by_id(execution_statements(scope()))
        assert statements["KeyForQueueAndDagFiles"]["Condition"] == {
            "StringEquals": {
                "kms:ViaService": [f"s3.{REGION}.amazonaws.com", f"sqs.{REGION}.amazonaws.com"]
            }
        }
        assert statements["KeyForConnections"]["Condition"] == {
            "StringEquals": {"kms:ViaService": f"secretsmanager.{REGION}.amazonaws.com"},
            "StringLike": {"kms:EncryptionContext:SecretARN": SECRETS},
        }
        for entry in statements.values():
            if any(action.startswith("kms:") for action in listed(entry["Action"])):
                assert entry["Resource"] == KEY

    def test_writes_to_the_five_groups_and_no_other(self) -> None:
        kinds = ("DAGProcessing", "Scheduler", "Task", "WebServer", "Worker")
        assert by_id(execution_statements(scope()))["WriteLogs"]["Resource"] == [
            f"{GROUP}{kind}:log-stream:*" for kind in kinds
        ]

    def test_looks_for_streams_in_the_group_of_tasks_alone(self) -> None:
        assert by_id(execution_statements(scope()))["FindLogsOfWaits"]["Resource"] == [
            f"{GROUP}Task",
            f"{GROUP}Task:*",
        ]

    def test_reports_metrics_of_mwaa_and_of_runs_alone(self) -> None:
        found = by_id(execution_statements(scope()))
        assert found["ReportMetrics"]["Condition"] == {
            "StringEquals": {"cloudwatch:namespace": ["AWS/MWAA", "AmazonMWAA"]}
        }
        assert found["ReportRuns"]["Condition"] == {
            "StringEquals": {"cloudwatch:namespace": "UnifiedPipelines"}
        }

    def test_queues_are_in_an_account_of_aws(self) -> None:
        assert by_id(execution_statements(scope()))["CeleryQueue"]["Resource"] == (
            f"arn:aws:sqs:{REGION}:*:airflow-celery-*"
        )

    def test_is_trusted_to_mwaa_for_this_environment_alone(self) -> None:
        (trust,) = json.loads(execution_trust(REGION, HUB, ENVIRONMENT))["Statement"]
        assert trust["Principal"] == {
            "Service": ["airflow-env.amazonaws.com", "airflow.amazonaws.com"]
        }
        assert trust["Condition"] == {
            "StringEquals": {"aws:SourceAccount": HUB},
            "ArnLike": {
                "aws:SourceArn": f"arn:aws:airflow:{REGION}:{HUB}:environment/{ENVIRONMENT}"
            },
        }


class TestAssumedRoles:
    """Exactly the pipelines' roles, in policies that never exchange a role."""

    def test_no_pipeline_no_policy(self) -> None:
        assert assume_role_policies({}) == {}

    @given(st.sets(pipeline_names, max_size=60))
    def test_names_every_role_once_and_no_other(self, names: set[str]) -> None:
        named: list[str] = []
        for policy in assume_role_policies(roles(*names)).values():
            named += resources(policy)
        assert sorted(named) == sorted(roles(*names).values())

    @given(st.sets(pipeline_names, max_size=40), pipeline_names)
    def test_a_new_pipeline_changes_one_policy(self, names: set[str], new: str) -> None:
        before = assume_role_policies(roles(*(names - {new})))
        after = assume_role_policies(roles(*(names | {new})))
        changed = {number for number in after if after[number] != before.get(number)}
        assert len(changed) == 1
        assert set(before) <= set(after)

    @given(st.lists(pipeline_names, unique=True, max_size=20).flatmap(st.permutations))
    def test_order_changes_nothing(self, names: list[str]) -> None:
        assert assume_role_policies(roles(*names)) == assume_role_policies(roles(*sorted(names)))

    @settings(max_examples=settings().max_examples // 5)
    @given(st.sets(pipeline_names, min_size=200, max_size=300))
    def test_stays_within_the_limits_of_iam(self, names: set[str]) -> None:
        policies = assume_role_policies(roles(*names))
        assert len(policies) <= POLICIES_PER_ROLE
        assert max(len(policy) for policy in policies.values()) <= MANAGED_POLICY_LIMIT


class TestFlowLogRole:
    """It writes to one log group, for flow logs of the hub's account."""

    def test_statements(self) -> None:
        group = f"arn:aws:logs:{REGION}:{HUB}:log-group:flow"
        statements: dict[str, Any] = by_id(flow_log_statements(REGION, HUB, "flow"))
        assert statements["WriteFlowLogs"]["Resource"] == [group, f"{group}:*"]
        assert statements["FindLogGroup"]["Action"] == "logs:DescribeLogGroups"
        assert set(statements) == {"WriteFlowLogs", "FindLogGroup"}

    def test_trust(self) -> None:
        (trust,) = json.loads(flow_log_trust(REGION, HUB))["Statement"]
        assert trust["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"}
        assert trust["Condition"] == {
            "StringEquals": {"aws:SourceAccount": HUB},
            "ArnLike": {"aws:SourceArn": f"arn:aws:ec2:{REGION}:{HUB}:vpc-flow-log/*"},
        }
