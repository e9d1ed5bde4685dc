"""The record of every authorised call: which principal did what to what, and whether it might.

Least-privilege reports are made from it. It holds all that a decision depended on, so that each can
be taken again with other policies: condition keys too, an ExternalId among them, but no payload.
"""

from __future__ import annotations

import json
import threading
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, TextIO

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Decision = Literal["allow", "deny", "implicit-deny", "unauthenticated"]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


@dataclass(frozen=True, kw_only=True)
class Call:
    """One authorisation, as it was decided."""

    time: str = field(default_factory=_now)
    """UTC, ISO 8601."""

    principal: str
    """The caller's ARN: an account's root, a user, or a role's session. A service's host name."""

    action: str
    resource: str
    region: str
    decision: Decision

    because_of: str | None = None
    """The action that needed this one too (a read of an encrypted object: the key), if any."""

    policy: Literal["access", "trust"] = "access"
    """Who was asked: the caller's and the resource's policies, or the trust policy of a role."""

    conditions: Mapping[str, Any]
    """The condition keys that the request brought."""


_file: TextIO | None = None
_lock = threading.Lock()


def begin(path: Path) -> None:
    """Write the record to `path`, one JSON object a line, begun anew with each gateway."""
    global _file  # noqa: PLW0603 -- one gateway, one record
    _file = path.open("w", buffering=1, encoding="utf-8")


def add(call: Call) -> None:
    """Append `call`, once the record has begun."""
    if _file is None:
        return
    line = json.dumps(asdict(call)) + "\n"
    with _lock:
        _file.write(line)


def decision_of(evaluated: Any) -> Decision:
    """What MiniStack's EvalResult says."""
    if evaluated.decision == "Allow":
        return "allow"
    return "deny" if evaluated.decision == "Deny" else "implicit-deny"
