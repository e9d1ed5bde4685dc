"""A monthly budget for what a stack costs in one account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aws.naming import BUDGET_NAME_LIMIT, Names
from components.aws.partitions import partition_of

PERCENTAGES = (80, 100)
"""Of the budget, at each of which a message is sent."""


@dataclass(frozen=True, kw_only=True)
class AccountBudgetArgs:
    """`amount` is in US dollars, or in yuan in China. Costs count that have all the `tags`.

    `region` only tells the partition: a budget belongs to no Region.
    """

    names: Names
    region: str
    amount: int
    tags: Mapping[str, str]
    emails: Sequence[str]


class AccountBudget(pulumi.ComponentResource):
    """The budget of one account: AWS Budgets adds up no costs of accounts that aren't its members.

    AWS sends the messages itself, so they need no topic, and no address has to confirm.
    """

    def __init__(
        self, name: str, args: AccountBudgetArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:AccountBudget", name, None, opts)
        aws.budgets.Budget(
            f"{name}-monthly",
            name=args.names.of("stack", "monthly", limit=BUDGET_NAME_LIMIT),
            budget_type="COST",
            time_unit="MONTHLY",
            limit_amount=str(args.amount),
            limit_unit="CNY" if partition_of(args.region) == "aws-cn" else "USD",
            metrics="UnblendedCost",
            filter_expression=aws.budgets.BudgetFilterExpressionArgs(
                ands=[_tagged(key, value) for key, value in args.tags.items()]
            ),
            notifications=[_message(percent, args.emails) for percent in PERCENTAGES],
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
        self.register_outputs({})


def _tagged(key: str, value: str) -> aws.budgets.BudgetFilterExpressionAndArgs:
    return aws.budgets.BudgetFilterExpressionAndArgs(
        tags=aws.budgets.BudgetFilterExpressionAndTagsArgs(key=key, values=[value])
    )


def _message(percent: int, emails: Sequence[str]) -> aws.budgets.BudgetNotificationArgs:
    return aws.budgets.BudgetNotificationArgs(
        notification_type="ACTUAL",
        comparison_operator="GREATER_THAN",
        threshold=percent,
        threshold_type="PERCENTAGE",
        subscriber_email_addresses=list(emails),
    )
