"""The record of every authorization: principal, action, resource, condition keys and decision.

Reports on least privilege are made from it. It holds everything that a decision depended on, so
that the decision can be evaluated again under other policies. Condition keys are part of it, an
ExternalId too; the body of the request isn't.
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
    """One authorization, with its decision."""

    time: str = field(default_factory=_now)
    """UTC, ISO 8601."""

    principal: str
    """The caller's ARN (an account's root, a user, a role's session), or a service's host name."""

    action: str
    resource: str
    region: str
    decision: Decision

    because_of: str | None = None
    """The action that depends on this one, if any: `s3:GetObject` on the key's `kms:Decrypt`."""

    policy: Literal["access", "trust"] = "access"
    """Which policies decided: the caller's and the resource's, or a role's trust policy."""

    conditions: Mapping[str, Any]
    """The condition keys of the request."""


_file: TextIO | None = None
_lock = threading.Lock()


def begin(path: Path) -> None:
    """Write the record to `path`, one JSON object per line; an earlier gateway's is overwritten."""
    global _file  # noqa: PLW0603 -- one gateway, one record
    _file = path.open("w", buffering=1, encoding="utf-8")


def add(call: Call) -> None:
    """Append `call`, if there is a record."""
    if _file is None:
        return
    line = json.dumps(asdict(call)) + "\n"
    with _lock:
        _file.write(line)


def decision_of(evaluated: Any) -> Decision:
    """The decision that MiniStack's EvalResult holds."""
    if evaluated.decision == "Allow":
        return "allow"
    return "deny" if evaluated.decision == "Deny" else "implicit-deny"
