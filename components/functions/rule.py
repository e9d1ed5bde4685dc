"""A rule of EventBridge that calls a function: on events of a pattern, or on a schedule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True)
class CallingRuleArgs:
    """`event_pattern` or `schedule_expression` says when the rule `name` calls the function.

    It doesn't before `after` is there.
    """

    function: aws.lambda_.Function
    name: str
    description: str
    event_pattern: str | None = None
    schedule_expression: str | None = None
    after: Sequence[pulumi.Resource] = ()


def calling_rule(name: str, args: CallingRuleArgs, parent: pulumi.Resource) -> None:
    """Make `{name}-rule`, on the default bus, `{name}-permission` and `{name}-target`."""
    rule = aws.cloudwatch.EventRule(
        f"{name}-rule",
        name=args.name,
        description=args.description,
        event_pattern=args.event_pattern,
        schedule_expression=args.schedule_expression,
        opts=pulumi.ResourceOptions(parent=parent),
    )
    # EventBridge calls a function as itself, through no role.
    permission = aws.lambda_.Permission(
        f"{name}-permission",
        statement_id="Rule",
        action="lambda:InvokeFunction",
        function=args.function.name,
        principal="events.amazonaws.com",
        source_arn=rule.arn,
        opts=pulumi.ResourceOptions(parent=parent),
    )
    aws.cloudwatch.EventTarget(
        f"{name}-target",
        rule=rule.name,
        target_id="function",
        arn=args.function.arn,
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[permission, *args.after]),
    )
