"""The messages of a queue, which several threads change.

MiniStack builds a queue's list of messages again to remove one. What another thread, such as
EventBridge's delivery, appends meanwhile would be lost.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

CHANGING = ("SendMessage", "SendMessageBatch", "DeleteMessage", "DeleteMessageBatch", "PurgeQueue")
"""The operations that change the list."""

LOCK = threading.RLock()
"""Takes the place of MiniStack's lock, inside which a function below may be called."""


def locked(original: Callable[..., Any]) -> Callable[..., Any]:
    """Let one thread at a time change the lists."""

    def locking(*arguments: Any, **options: Any) -> Any:
        with LOCK:
            return original(*arguments, **options)

    return locking
