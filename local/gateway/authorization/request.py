"""What an authorisation is asked, and what says no."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

Denial: TypeAlias = Any
"""MiniStack's EvalResult (policies say no) or AuthError (who is it?); neither has types."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """Whether the holder of an access key may do something."""

    access_key_id: str
    action: str
    service: str
    region: str
    resource: str
    context: dict[str, Any]
    because_of: str | None = None
