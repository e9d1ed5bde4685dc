"""The request that is being authorized, for what needs more than its action and resource."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from ministack.core.responses import get_account_id, get_region

from local.gateway.api.request import Request
from local.gateway.authorization.resource_arns import resource_arn

current: ContextVar[Request | None] = ContextVar("current_request", default=None)


def extract_resource_arn(original: Callable[..., str]) -> Callable[..., str]:
    """Keep each request where MiniStack looks up its resource: its authorization begins there."""

    def keeping(*arguments: Any) -> str:
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

    return keeping
