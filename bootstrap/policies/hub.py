"""What a deploy role needs in the hub's account: environment, connections, functions."""

from __future__ import annotations

from bootstrap.policies.foundation import within_boundary
from bootstrap.policies.functions import invoked_by_services
from bootstrap.policies.operators import AIRFLOW_ROLE
from bootstrap.policies.program_files import program_files
from bootstrap.policies.scope import Scope
from bootstrap.policies.uploads import hub_uploads
from components.aws.naming import FUNCTION_NAME_LIMIT, HUB_OWNER, ROTATION
from components.aws.policy_document import EVERYTHING, Statement, statement

_FILES = ("dags/*", "plugins.zip", "requirements.txt", "startup.sh")


def hub(scope: Scope) -> list[Statement]:
    """The statements for the hub's account, its network and its functions aside."""
    policies = scope.iam_arn(f"policy/{scope.prefix}-*")
    bucket = scope.bucket_arn(scope.names.bucket(HUB_OWNER, scope.account_id, scope.hub_region))
    return [
        program_files([f"{bucket}/{key}" for key in _FILES]),
        statement(
            "Environment",
            [
                "airflow:CreateEnvironment",
                "airflow:DeleteEnvironment",
                "airflow:GetEnvironment",
                "airflow:ListTagsForResource",
                "airflow:TagResource",
                "airflow:UntagResource",
                "airflow:UpdateEnvironment",
            ],
            scope.arn("airflow", f"environment/{scope.prefix}-*"),
        ),
        # Around an update: pause and unpause DAGs, see tasks, and keep a variable, which takes Op.
        statement(
            "DrainEnvironment",
            "airflow:InvokeRestApi",
            scope.arn(
                "airflow",
                f"role/{scope.names.environment()}/{AIRFLOW_ROLE}",
                region=scope.hub_region,
            ),
        ),
        statement(
            "AirflowServiceRole",
            "iam:CreateServiceLinkedRole",
            scope.iam_arn("role/aws-service-role/airflow.amazonaws.com/*"),
            {"StringEquals": {"iam:AWSServiceName": "airflow.amazonaws.com"}},
        ),
        statement(
            "AssumeRolePolicies",
            [
                "iam:CreatePolicy",
                "iam:CreatePolicyVersion",
                "iam:DeletePolicy",
                "iam:DeletePolicyVersion",
                "iam:GetPolicy",
                "iam:GetPolicyVersion",
                "iam:ListPolicyVersions",
                "iam:TagPolicy",
                "iam:UntagPolicy",
            ],
            policies,
        ),
        statement(
            "AttachOwnPolicies",
            ["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
            scope.iam_arn(f"role/{scope.prefix}-*"),
            {"ArnLike": {"iam:PolicyARN": policies}, **within_boundary(scope)},
        ),
        statement(
            "Connections",
            [
                "secretsmanager:CancelRotateSecret",
                "secretsmanager:CreateSecret",
                "secretsmanager:DeleteSecret",
                "secretsmanager:DescribeSecret",
                "secretsmanager:GetResourcePolicy",
                "secretsmanager:GetSecretValue",
                "secretsmanager:ListSecretVersionIds",
                "secretsmanager:PutSecretValue",
                "secretsmanager:RotateSecret",
                "secretsmanager:TagResource",
                "secretsmanager:UntagResource",
                "secretsmanager:UpdateSecret",
                "secretsmanager:UpdateSecretVersionStage",
            ],
            scope.arn("secretsmanager", f"secret:{scope.prefix}-*"),
        ),
        *_monitoring(scope),
        statement(
            "DeliverFlowLogs",
            ["logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:GetLogDelivery"],
            EVERYTHING,
        ),
    ]


def hub_functions(scope: Scope) -> list[Statement]:
    """The statements for the hub's functions, and for what calls them."""
    return [
        *hub_uploads(scope),
        invoked_by_services(scope),
        # Secrets Manager asks it of the caller that has it rotate a secret by the function.
        statement(
            "RotationFunction",
            "lambda:InvokeFunction",
            scope.arn(
                "lambda",
                f"function:{scope.names.of(HUB_OWNER, ROTATION, limit=FUNCTION_NAME_LIMIT)}",
                region=scope.hub_region,
            ),
        ),
    ]


def _monitoring(scope: Scope) -> list[Statement]:
    return [
        statement(
            "Alarms",
            [
                "cloudwatch:DeleteAlarms",
                "cloudwatch:ListTagsForResource",
                "cloudwatch:PutMetricAlarm",
                "cloudwatch:TagResource",
                "cloudwatch:UntagResource",
            ],
            scope.arn("cloudwatch", f"alarm:{scope.prefix}-*"),
        ),
        statement(
            "Dashboard",
            [
                "cloudwatch:DeleteDashboards",
                "cloudwatch:GetDashboard",
                "cloudwatch:PutDashboard",
            ],
            scope.arn("cloudwatch", f"dashboard/{scope.prefix}-*", region=""),
        ),
        statement("FindAlarms", "cloudwatch:DescribeAlarms", EVERYTHING),
        statement(
            "Notifications",
            [
                "sns:CreateTopic",
                "sns:DeleteTopic",
                "sns:GetTopicAttributes",
                "sns:ListTagsForResource",
                "sns:SetTopicAttributes",
                "sns:Subscribe",
                "sns:TagResource",
                "sns:UntagResource",
            ],
            scope.arn("sns", f"{scope.prefix}-*"),
        ),
        # Subscriptions are no resource type: IAM knows them by no ARN, not even their topic's.
        statement(
            "Subscriptions",
            ["sns:GetSubscriptionAttributes", "sns:Unsubscribe"],
            EVERYTHING,
            {"StringEquals": {"aws:RequestedRegion": scope.hub_region}},
        ),
    ]
