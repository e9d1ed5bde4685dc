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


def test_dashboards_and_alarms_are_deleted_under_their_own_names(aws: Aws) -> None:
    alarm = f"arn:aws:cloudwatch:us-east-1:{DATA}:alarm:own"
    dashboard = f"arn:aws:cloudwatch::{DATA}:dashboard/own"
    session = aws.session(
        allow("cloudwatch:DeleteAlarms", alarm), allow("cloudwatch:DeleteDashboards", dashboard)
    )
    cloudwatch = aws.client("cloudwatch", session)
    aws.client("cloudwatch").put_dashboard(DashboardName="own", DashboardBody="{}")
    cloudwatch.delete_dashboards(DashboardNames=["own"])
    cloudwatch.delete_alarms(AlarmNames=["own"])
    said = refusal(lambda: cloudwatch.delete_dashboards(DashboardNames=["other"]))
    assert "cloudwatch:DeleteDashboards" in said
    said = refusal(lambda: cloudwatch.delete_alarms(AlarmNames=["other"]))
    assert "cloudwatch:DeleteAlarms" in said
