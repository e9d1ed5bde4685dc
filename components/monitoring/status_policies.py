"""What tells of the environment's status: names, the event, and what the function may do.

Nothing here imports Pulumi.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from components.aws.naming import EVENT_RULE_NAME_LIMIT, FUNCTION_NAME_LIMIT
from components.aws.policy_document import Statement, statement
from components.functions.policies import function_runs
from components.monitoring.alarm import Alarm, function_errors
from components.monitoring.policies import publishing
from components.monitoring.topic import NotificationTopic

if TYPE_CHECKING:
    from components.pipeline.site import PipelineSite

PURPOSE = "status"
"""Of the function, its rule and its role."""

EVENT_PATTERN = json.dumps(
    {"source": ["aws.airflow"], "detail-type": ["MWAA Environment Status Change"]}
)
"""All that AWS documents of the event, so the rule is narrowed no further (ADR 39)."""


def function_name(hub: PipelineSite) -> str:
    """The function's physical name."""
    return hub.name_of(PURPOSE, limit=FUNCTION_NAME_LIMIT)


def rule_name(hub: PipelineSite) -> str:
    """The rule, on the default bus of the hub's account and Region."""
    return hub.name_of(PURPOSE, limit=EVENT_RULE_NAME_LIMIT)


def status_function(hub: PipelineSite, topic: NotificationTopic, key_arn: str) -> list[Statement]:
    """What the function may do: ask for the status, tell the topic, log."""
    environment = hub.arn("airflow", f"environment/{hub.settings.names.environment()}")
    return [
        statement("AskForStatus", "airflow:GetEnvironment", environment),
        *publishing(topic, key_arn, hub.region),
        *function_runs(hub, function_name(hub), key_arn, in_network=False),
    ]


def status_alarm(hub: PipelineSite) -> Alarm:
    """The alarm of the function itself: what it can't tell would be lost."""
    return function_errors(
        function_name(hub),
        purpose="status-function-errors",
        description="The function that tells of the environment's status fails: its log says why. "
        "`python -m operate status` shows the status.",
        threshold=0,
    )
