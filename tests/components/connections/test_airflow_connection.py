"""The connection as Airflow reads it."""

from __future__ import annotations

import json

import pulumi

from components.connections.airflow_connection import AirflowConnection, AirflowConnectionArgs
from components.pipeline.connected_role import ConnectedRole
from tests.mocks import Recorded, aws_provider, evaluate

ROLE = "arn:aws:iam::222222222222:role/unified-pipelines-dev-east1-crossaccount"


def connection() -> Recorded:
    def program() -> None:
        made = AirflowConnection(
            "east1",
            AirflowConnectionArgs(
                secret_name="environment/connections/aws_crossaccount_role_conn_east1",
                description="Airflow connection",
                key_arn="arn:aws:kms:us-east-1:111111111111:key/k",
            ),
            pulumi.ResourceOptions(provider=aws_provider("111111111111")),
        )
        role = ConnectedRole(
            account_id="222222222222",
            region="us-west-2",
            cross_account_role_name="role",
            cross_account_role_arn=pulumi.Output.from_input(ROLE),
            external_ids=pulumi.Output.secret(["kept-secret", "another"]),
        )
        made.lead_to(role)

    return evaluate(program)


def test_value_is_what_the_amazon_provider_reads() -> None:
    value = connection().one("SecretVersion").inputs["secretString"]
    assert json.loads(value) == {
        "conn_type": "aws",
        "extra": {
            "role_arn": ROLE,
            "region_name": "us-west-2",
            "assume_role_kwargs": {"ExternalId": "kept-secret"},
            "config_kwargs": {"retries": {"mode": "standard", "max_attempts": 10}},
        },
    }
    assert value.startswith('{"conn_type"')


def test_value_is_secret_and_nothing_else_knows_it() -> None:
    recorded = connection()
    assert recorded.one("SecretVersion").secret_inputs == {"secretString"}
    others = [entry.inputs for entry in recorded if not entry.type.endswith("SecretVersion")]
    assert "kept-secret" not in json.dumps(others)


def test_secret_is_encrypted_with_the_given_key() -> None:
    secret = connection().one("Secret")
    assert secret.inputs["kmsKeyId"] == "arn:aws:kms:us-east-1:111111111111:key/k"
    assert secret.inputs["name"] == "environment/connections/aws_crossaccount_role_conn_east1"
    assert secret.delete_before_replace


def test_a_deleted_secret_leaves_its_name_free() -> None:
    assert connection().one("Secret").inputs["recoveryWindowInDays"] == 0


def test_another_current_version_shows_as_a_difference() -> None:
    """The provider reads the version that it wrote, even if another one is current now."""
    assert connection().one("SecretVersion").inputs["versionStages"] == ["AWSCURRENT"]


def test_a_version_that_goes_is_left_to_secrets_manager() -> None:
    assert connection().one("SecretVersion").retain_on_delete


def test_children() -> None:
    recorded = connection()
    component = recorded.one("AirflowConnection")
    assert recorded.tree(component.urn) == [
        ("Secret", "east1-secret"),
        ("SecretVersion", "east1-value"),
    ]
