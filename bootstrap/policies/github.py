"""What GitHub's workflows need: to read for a preview, and to enter for a deployment."""

from __future__ import annotations

from collections.abc import Sequence

from bootstrap.policies.scope import Scope
from components.aws.policy_document import EVERYTHING, Statement, statement
from components.pipeline.connection_names import connections_prefix


def preview_in_hub(scope: Scope) -> list[Statement]:
    """The statements of the hub's preview role: the state, and what the program looks up."""
    # Its own account's as well: the provider of the hub's account assumes it, too.
    preview_roles = [
        scope.iam_arn(f"role/{scope.names.preview_role}", account=each)
        for each in scope.account_ids
    ]
    return [
        statement("ReadState", "s3:GetObject", f"{_state(scope)}/*"),
        statement("FindState", "s3:ListBucket", _state(scope)),
        _state_key(scope, "kms:Decrypt"),
        statement("PreviewRoles", "sts:AssumeRole", preview_roles),
        statement(
            "CountRotations",
            "secretsmanager:ListSecretVersionIds",
            scope.arn(
                "secretsmanager",
                f"secret:{connections_prefix(scope.names.environment())}/*",
                region=scope.hub_region,
            ),
        ),
        *preview_of_networks(),
    ]


def preview_of_networks() -> list[Statement]:
    """The statement of an account with networks: the program looks up the parts of one.

    Elsewhere it looks up nothing, so that the preview role has no statement.
    """
    return [
        statement(
            "LookUpNetwork",
            [
                "ec2:DescribeAvailabilityZones",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
            ],
            EVERYTHING,
        )
    ]


def deploy_entry(scope: Scope, deploy_role_arns: Sequence[str]) -> list[Statement]:
    """The statements of the role by which GitHub's deployment enters the hub's account."""
    return [
        statement(
            "WriteState", ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], f"{_state(scope)}/*"
        ),
        statement("FindState", "s3:ListBucket", _state(scope)),
        _state_key(scope, "kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"),
        statement("DeployRoles", "sts:AssumeRole", deploy_role_arns),
    ]


def _state(scope: Scope) -> str:
    return scope.bucket_arn(f"{scope.names.state}-{scope.account_id}-{scope.state_region}")


def _state_key(scope: Scope, *actions: str) -> Statement:
    alias = f"alias/{scope.names.state}"
    return statement(
        "StateKey",
        actions,
        scope.arn("kms", "key/*", region=scope.state_region),
        {"ForAnyValue:StringEquals": {"kms:ResourceAliases": alias}},
    )
