"""What waits or has gone wrong in the hub, besides the DAGs: uploads and alarms."""

from __future__ import annotations

from typing import Any

from operate.connection import Connection

_MESSAGES = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
"""Those that can be taken, and those that are taken or put off."""


def uploads(connection: Connection) -> dict[str, int] | None:
    """The uploads without a run: waiting, and no longer tried; None where uploads start none."""
    queues = connection.stack.uploads
    if queues is None:
        return None
    sqs = connection.in_hub("sqs")
    return {
        "waiting": _messages(sqs, queues.queue_url),
        "dead": _messages(sqs, queues.dead_letter_queue_url),
    }


def _messages(sqs: Any, queue_url: str) -> int:
    found = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=list(_MESSAGES))
    return sum(int(found["Attributes"][name]) for name in _MESSAGES)


def alarms(connection: Connection) -> list[dict[str, str]]:
    """The hub's alarms that are in alarm, each with what to do."""
    pages = (
        connection.in_hub("cloudwatch")
        .get_paginator("describe_alarms")
        .paginate(AlarmNamePrefix=connection.stack.alarm_name_prefix, StateValue="ALARM")
    )
    return [
        {"alarm": found["AlarmName"], "description": found.get("AlarmDescription", "")}
        for page in pages
        for found in page["MetricAlarms"]
    ]
