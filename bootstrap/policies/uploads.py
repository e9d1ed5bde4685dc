"""What a deploy role needs for the runs that uploads start: rules, bus, queues, event source."""

from __future__ import annotations

from bootstrap.policies.functions import functions
from bootstrap.policies.scope import Scope
from components.aws.policy_document import EVERYTHING, Statement, statement

_TAGS = ("events:ListTagsForResource", "events:TagResource", "events:UntagResource")


def event_rules(scope: Scope) -> Statement:
    """The statement for the stack's rules, which any of its accounts may have."""
    return statement(
        "EventRules",
        [
            "events:DeleteRule",
            "events:DescribeRule",
            "events:ListTargetsByRule",
            "events:PutRule",
            "events:PutTargets",
            "events:RemoveTargets",
            *_TAGS,
        ],
        scope.arn("events", f"rule/{scope.prefix}-*"),
    )


def hub_uploads(scope: Scope) -> list[Statement]:
    """The statements for the hub's part: bus, rules, queues and function."""
    return [
        event_rules(scope),
        statement(
            "EventBus",
            [
                "events:CreateEventBus",
                "events:DeleteEventBus",
                "events:DescribeEventBus",
                "events:UpdateEventBus",
                *_TAGS,
            ],
            scope.arn("events", f"event-bus/{scope.prefix}-*"),
        ),
        # EventBridge knows no resource for these two.
        statement(
            "EventBusPolicy",
            ["events:PutPermission", "events:RemovePermission"],
            EVERYTHING,
            {"StringEquals": {"aws:RequestedRegion": scope.hub_region}},
        ),
        statement(
            "Queues",
            [
                "sqs:CreateQueue",
                "sqs:DeleteQueue",
                "sqs:GetQueueAttributes",
                "sqs:ListQueueTags",
                "sqs:SetQueueAttributes",
                "sqs:TagQueue",
                "sqs:UntagQueue",
            ],
            scope.arn("sqs", f"{scope.prefix}-*"),
        ),
        # Part of making an endpoint with private DNS. The hosted zone is Amazon EC2's own.
        statement("PrivateDns", "route53:AssociateVPCWithHostedZone", EVERYTHING),
        functions(scope),
        *_event_sources(scope),
    ]


def _event_sources(scope: Scope) -> list[Statement]:
    """Lambda gives an event source mapping its id, so its function says whose it is."""
    return [
        statement(
            "EventSources",
            [
                "lambda:CreateEventSourceMapping",
                "lambda:DeleteEventSourceMapping",
                "lambda:GetEventSourceMapping",
                "lambda:UpdateEventSourceMapping",
            ],
            EVERYTHING,
            {"ArnLike": {"lambda:FunctionArn": scope.arn("lambda", f"function:{scope.prefix}-*")}},
        ),
        statement(
            "EventSourceTags",
            ["lambda:ListTags", "lambda:TagResource", "lambda:UntagResource"],
            scope.arn("lambda", "event-source-mapping:*"),
        ),
    ]
