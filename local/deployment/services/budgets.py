"""AWS Budgets: budgets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.deployment.limits import NameLimit
from local.deployment.mocked import Mocked, Outputs
from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType
from local.deployment.translation import Inner, Rule

_TAGS = Inner("Tags", {"key": "Key", "values": "Values"})


def create_budget(resource: Resource) -> Created:
    """A budget with its notifications."""
    inputs = resource.inputs
    account_id = resource.provider.client("sts").get_caller_identity()["Account"]
    budget = {key: value for key, value in resource.call.items() if key != "Notifications"}
    budget |= {
        "BudgetLimit": {"Amount": inputs["limitAmount"], "Unit": inputs["limitUnit"]},
        "Metrics": [inputs["metrics"]],
    }
    resource.client.create_budget(
        AccountId=account_id,
        Budget=budget,
        NotificationsWithSubscribers=[_notification(each) for each in inputs["notifications"]],
        ResourceTags=resource.tag_list(),
    )
    name = resource.physical_name()
    arn = f"arn:aws:budgets::{account_id}:budget/{name}"
    return Created(f"{account_id}:{name}", {"arn": arn, "name": name})


def _notification(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "Notification": {
            "NotificationType": given["notificationType"],
            "ComparisonOperator": given["comparisonOperator"],
            "Threshold": given["threshold"],
            "ThresholdType": given["thresholdType"],
        },
        "Subscribers": [
            {"SubscriptionType": "EMAIL", "Address": address}
            for address in given["subscriberEmailAddresses"]
        ],
    }


def delete_budget(resource: Resource, id_: str) -> None:
    """The budget by its account and name."""
    account_id, _, name = id_.partition(":")
    resource.client.delete_budget(AccountId=account_id, BudgetName=name)


def mock_budget(mocked: Mocked) -> Outputs:
    """A budget, whose id is its account's and its name."""
    return {"id": f"{mocked.at.account_id}:{mocked.physical_name}"}


BUDGET = ResourceType(
    token="aws:budgets/budget:Budget",
    service="budgets",
    properties={
        "budgetType": "BudgetType",
        "filterExpression": Inner("FilterExpression", {"ands": Inner("And", {"tags": _TAGS})}),
        "limitAmount": Rule.HANDLED,
        "limitUnit": Rule.HANDLED,
        "metrics": Rule.HANDLED,
        "name": "BudgetName",
        "notifications": Inner(
            "Notifications",
            dict.fromkeys(
                (
                    *("comparisonOperator", "notificationType", "subscriberEmailAddresses"),
                    *("threshold", "thresholdType"),
                ),
                Rule.HANDLED,
            ),
        ),
        "timeUnit": "TimeUnit",
    },
    create=create_budget,
    remove=delete_budget,
    mock_outputs=mock_budget,
    takes_tags=True,
    name_limit=NameLimit(
        key="name",
        most=100,
        pattern=r"[^:\\]+",
        unique_in="the account",
        source="AWS Budgets API reference, Budget: BudgetName",
    ),
    deploy_actions=(
        "budgets:ListTagsForResource",
        "budgets:ModifyBudget",
        "budgets:TagResource",
        "budgets:UntagResource",
        "budgets:ViewBudget",
    ),
)
