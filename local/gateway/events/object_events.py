"""What S3 tells EventBridge of a new object, beyond what MiniStack's events hold: its version."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

_version_id: ContextVar[str | None] = ContextVar("version_id", default=None)
"""The version that the event being sent is about."""


def fire_s3_event(original: Callable[..., None]) -> Callable[..., None]:
    """Keep the object's version while MiniStack sends its event."""

    def firing(*arguments: Any, version_id: str | None = None, **options: Any) -> None:
        token = _version_id.set(version_id)
        try:
            original(*arguments, version_id=version_id, **options)
        finally:
            _version_id.reset(token)

    return firing


def dispatch_event(original: Callable[..., None]) -> Callable[..., None]:
    """Add the version to an event of S3's. Only an object of a bucket with versions has one."""

    def dispatching(event: dict[str, Any], view: Any = None) -> None:
        version_id = _version_id.get()
        if event["Source"] != "aws.s3" or version_id is None:
            original(event, view)
            return
        detail = json.loads(event["Detail"])
        detail["object"]["version-id"] = version_id
        original({**event, "Detail": json.dumps(detail)})

    return dispatching
