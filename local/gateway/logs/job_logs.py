"""The log lines of a job, written to CloudWatch Logs as its role."""

from __future__ import annotations

import time
from typing import Any

from botocore.exceptions import ClientError

_BATCH = 1000
"""Lines in one PutLogEvents; AWS accepts at most 10,000 events and 1 MB."""

_LONGEST_LINE = 4000
"""Characters kept of a line, so that a batch stays within AWS's limit."""


def write(logs: Any, group: str, stream: str, text: str) -> str | None:
    """Write `text` line by line with the client `logs`; returns what AWS refused, if anything.

    On AWS, too, a job goes on without its logs. The caller notes the refusal where a user sees it.
    """
    lines = [line[:_LONGEST_LINE] for line in text.splitlines() if line.strip()]
    try:
        _create_stream(logs, group, stream)
        for start in range(0, len(lines), _BATCH):
            now = int(time.time() * 1000)
            logs.put_log_events(
                logGroupName=group,
                logStreamName=stream,
                logEvents=[
                    {"timestamp": now, "message": line} for line in lines[start : start + _BATCH]
                ],
            )
    except ClientError as error:
        return f"{group}: {error}"
    return None


def _create_stream(logs: Any, group: str, stream: str) -> None:
    try:
        logs.create_log_stream(logGroupName=group, logStreamName=stream)
    except logs.exceptions.ResourceNotFoundException:
        logs.create_log_group(logGroupName=group)
        logs.create_log_stream(logGroupName=group, logStreamName=stream)
    except logs.exceptions.ResourceAlreadyExistsException:
        return
