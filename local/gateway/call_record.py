"""The record of every authorised call: which principal did what to what, and whether it might.

Least-privilege reports are made from it, so it holds actions and resources only, no payload.
"""

from __future__ import annotations

import json
import threading
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

Decision = Literal["allow", "deny", "implicit-deny", "unauthenticated"]


@dataclass(frozen=True, kw_only=True)
class Call:
    """One authorisation, as it was decided."""

    time: str
    """UTC, ISO 8601."""

    principal: str
    """The caller's ARN: an account's root, a user, or a role's session."""

    action: str
    resource: str
    region: str
    decision: Decision

    because_of: str | None
    """The action that needed this one too (a read of an encrypted object: the key), if any."""


class CallRecord:
    """A file with one JSON object a line, begun anew with each gateway."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._file = path.open("w", buffering=1, encoding="utf-8")

    def add(self, call: Call) -> None:
        """Append `call`."""
        line = json.dumps(asdict(call)) + "\n"
        with self._lock:
            self._file.write(line)
