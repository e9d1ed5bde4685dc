"""Budgets and dashboards."""

from __future__ import annotations

import json

import pulumi_aws as aws

from components.aws.naming import Names
from components.monitoring.account_budget import AccountBudget, AccountBudgetArgs
from tests.local.deployment.conftest import Account


def test_a_budget_tells_its_addresses(account: Account) -> None:
    def program() -> None:
        AccountBudget(
            "budget",
            AccountBudgetArgs(
                names=Names(project="unified-pipelines", stack="test"),
                region=account.region,
                amount=100,
                tags={"project": "unified-pipelines", "stack": "test"},
                emails=["a@example.com"],
            ),
            account.options(),
        )

    account.deploy(program)
    budgets, name = account.client("budgets"), "unified-pipelines-test-stack-monthly"
    budget = budgets.describe_budget(
        AccountId=account.id, BudgetName=name, ShowFilterExpression=True
    )["Budget"]
    assert budget["BudgetLimit"] == {"Amount": "100", "Unit": "USD"}
    assert budget["FilterExpression"]["And"] == [
        {"Tags": {"Key": "project", "Values": ["unified-pipelines"]}},
        {"Tags": {"Key": "stack", "Values": ["test"]}},
    ]
    notifications = budgets.describe_notifications_for_budget(
        AccountId=account.id, BudgetName=name
    )["Notifications"]
    assert [each["Threshold"] for each in notifications] == [80, 100]


def test_a_dashboard_keeps_its_definition(account: Account) -> None:
    body = json.dumps({"widgets": []})

    def program() -> None:
        aws.cloudwatch.Dashboard(
            "runs", dashboard_name="runs", dashboard_body=body, opts=account.options()
        )

    account.deploy(program)
    found = account.client("cloudwatch").get_dashboard(DashboardName="runs")
    assert found["DashboardBody"] == body
