"""What Amazon MWAA tells EventBridge of an environment: that its status has changed.

The event's detail is empty, since AWS documents no member of it.
"""
# ruff: noqa: SLF001 -- sends an event as MiniStack's services do

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from ministack.core.responses import request_scope
from ministack.services import eventbridge


def change_status(record: dict[str, Any], status: str, **members: Any) -> None:
    """Give an environment's record a status, and further members, and send the event."""
    record.update(Status=status, **members)
    region, account_id = record["Arn"].split(":")[3:5]
    event = {
        "EventId": str(uuid.uuid4()),
        "Source": "aws.airflow",
        "DetailType": "MWAA Environment Status Change",
        "Detail": "{}",
        "EventBusName": "default",
        "Time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "Resources": [record["Arn"]],
        "Account": account_id,
        "Region": region,
    }
    with request_scope(account_id, region):
        eventbridge._dispatch_event(event)
