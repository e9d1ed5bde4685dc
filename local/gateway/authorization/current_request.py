"""The AWS request being authorised, for what needs more of it than its action and resource."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from ministack.core import iam_actions
from ministack.core.responses import get_account_id, get_region

from local.gateway.authorization.resource_arns import resource_arn


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


current: ContextVar[Request | None] = ContextVar("current_request", default=None)


def _kept(original: Callable[..., str]) -> Callable[..., str]:
    def extract_resource_arn(*arguments: Any) -> str:
        service, method, path, headers, body, parameters, region, account_id = arguments
        request = Request(
            service=service,
            method=method,
            path=path,
            headers=headers,
            body=body,
            parameters=parameters,
            region=region or get_region(),
            account_id=account_id or get_account_id(),
        )
        current.set(request)
        return resource_arn(request) or original(*arguments)

    return extract_resource_arn


def install() -> None:
    """Keep each request at MiniStack's look-up of its resource: authorisations begin with it."""
    iam_actions.extract_resource_arn = _kept(iam_actions.extract_resource_arn)
