"""Dashboards and budgets are authorized on their own ARNs, which name no Region."""

from __future__ import annotations

from typing import Any

from tests.local.gateway.aws import DATA, Aws, allow, refusal

LIMIT = {"Amount": "1", "Unit": "USD"}


def budget(name: str) -> dict[str, Any]:
    return {"BudgetName": name, "BudgetLimit": LIMIT, "BudgetType": "COST", "TimeUnit": "MONTHLY"}


def test_a_budget_is_changed_by_one_action(aws: Aws) -> None:
    own = f"arn:aws:budgets::{DATA}:budget/own"
    session = aws.session(allow(["budgets:ModifyBudget", "budgets:ViewBudget"], own))
    budgets = aws.client("budgets", session)
    budgets.create_budget(AccountId=DATA, Budget=budget("own"))
    budgets.describe_budget(AccountId=DATA, BudgetName="own")
    budgets.delete_budget(AccountId=DATA, BudgetName="own")
    said = refusal(lambda: budgets.create_budget(AccountId=DATA, Budget=budget("other")))
    assert "budgets:ModifyBudget" in said


def test_a_dashboard_is_written_under_its_own_name(aws: Aws) -> None:
    own = f"arn:aws:cloudwatch::{DATA}:dashboard/own"
    cloudwatch = aws.client("cloudwatch", aws.session(allow("cloudwatch:PutDashboard", own)))
    cloudwatch.put_dashboard(DashboardName="own", DashboardBody="{}")
    said = refusal(lambda: cloudwatch.put_dashboard(DashboardName="other", DashboardBody="{}"))
    assert "cloudwatch:PutDashboard" in said
