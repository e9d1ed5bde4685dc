"""A request to an AWS API."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request as MiniStack read it: header names in lower case, query values as lists."""

    service: str
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    parameters: dict[str, Any]
    region: str
    account_id: str

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; an empty one where it is anything else."""
        try:
            parsed = json.loads(self.body or b"{}")
        except (json.JSONDecodeError, UnicodeDecodeError):
            return {}
        return parsed if isinstance(parsed, dict) else {}

    def parameter(self, name: str) -> str | None:
        """The first value of a query or form parameter."""
        value = self.parameters.get(name)
        return value[0] if isinstance(value, list) else value
