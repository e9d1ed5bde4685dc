"""What is a stack's leftover, and what stays without it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from operate.application import application
from operate.errors import OperateError
from tests.operate.answers import FakeAirflow, FakeConnection

TAGS = {"project": "unified", "stack": "dev"}
KEY = "arn:aws:kms:us-east-1:222222222222:key/"
HUB, DATA = "111111111111", "222222222222"


class FakeClient:
    """Answers the calls of an inventory in one account and Region."""

    def __init__(self, account_id: str, region: str, rows: list[dict[str, Any]]) -> None:
        self._at, self._rows = (account_id, region), rows

    def get_paginator(self, name: str) -> Any:
        return type("Pages", (), {"paginate": lambda _, **asked: [getattr(self, name)(**asked)]})()

    def get_resources(self, TagFilters: Any) -> Any:  # noqa: N803 (boto3's)
        assert TagFilters == [{"Key": key, "Values": [value]} for key, value in TAGS.items()]
        rows = [row for row in self._rows if row["at"] == self._at]
        return {
            "ResourceTagMappingList": [
                {"ResourceARN": row["arn"], "Tags": row.get("tags", [])} for row in rows
            ]
        }

    def describe_key(self, KeyId: str) -> Any:  # noqa: N803 (boto3's)
        waiting = {"KeyState": "PendingDeletion", "DeletionDate": datetime(2026, 1, 2, tzinfo=UTC)}
        return {"KeyMetadata": waiting if KeyId.endswith("old") else {"KeyState": "Enabled"}}

    def describe_log_groups(self, logGroupNamePrefix: str) -> Any:  # noqa: N803 (boto3's)
        names = [f"{logGroupNamePrefix}Other", logGroupNamePrefix]
        groups = [{"logGroupName": name, "arn": f"arn:logs:{name}:*"} for name in names]
        return {"logGroups": groups if self._at == (DATA, "us-west-2") else []}

    def list_roles(self) -> Any:
        names = ["stack-hub-execution", "stackish", "operate-stack"]
        roles = [{"RoleName": name, "Path": "/", "Arn": f"arn:role/{name}"} for name in names]
        service = {"RoleName": "AWSServiceRoleForAmazonMWAA", "Arn": "arn:role/mwaa"}
        service["Path"] = "/aws-service-role/airflow.amazonaws.com/"
        return {"Roles": [*roles, service] if self._at[0] == HUB else []}

    def list_policies(self, Scope: str) -> Any:  # noqa: N803 (boto3's)
        assert Scope == "Local"
        return {"Policies": []}


@pytest.fixture
def invoke(monkeypatch: pytest.MonkeyPatch) -> Any:
    def run(rows: list[dict[str, Any]], *options: str, tagged: bool = True) -> Result:
        connection = FakeConnection(FakeAirflow([]))
        tags = TAGS if tagged else None
        connection.stack = connection.stack.model_copy(update={"tags": tags})
        monkeypatch.setattr(
            connection, "in_account", lambda _, *at: FakeClient(at[0], at[1], rows), raising=True
        )
        monkeypatch.setattr("operate.commands.inventory.connect", lambda *_, **__: connection)
        return CliRunner().invoke(application, ["inventory", "--json", *options])

    return run


def test_what_is_the_stacks_and_what_stays(invoke: Any) -> None:
    bootstrap = [{"Key": "made-by", "Value": "bootstrap"}]
    rows = [
        {"at": (DATA, "us-east-1"), "arn": "arn:aws:s3:::bucket"},
        {"at": (DATA, "us-east-1"), "arn": f"{KEY}old"},
        {"at": (DATA, "us-east-1"), "arn": f"{KEY}new"},
        {"at": (HUB, "us-east-1"), "arn": "arn:aws:s3:::state", "tags": bootstrap},
    ]

    found = json.loads(invoke(rows).stdout)

    assert [each["arn"] for each in found["stack"]] == [
        "arn:role/stack-hub-execution",
        f"{KEY}new",
        "arn:aws:s3:::bucket",
    ]
    assert {each["arn"]: each["kept"] for each in found["kept"]} == {
        "arn:aws:s3:::state": "the bootstrap's, for the next deployment",
        "arn:role/mwaa": "Amazon MWAA's, for every environment of the account",
        "arn:logs:/aws/sagemaker/TrainingJobs": "SageMaker's, for the training jobs of every stack",
        f"{KEY}old": "AWS KMS deletes it on 2026-01-02",
    }


@pytest.mark.parametrize(("options", "status"), [((), 0), (("--fail-on-leftovers",), 1)])
def test_leftovers_fail_where_that_is_asked_for(
    invoke: Any, options: tuple[str, ...], status: int
) -> None:
    assert invoke([], *options).exit_code == status


def test_a_stack_without_tags_in_its_outputs_is_deployed_first(invoke: Any) -> None:
    assert isinstance(invoke([], tagged=False).exception, OperateError)
