"""Which organization an account is in: MiniStack has one of its own for each account.

`PUT /_local/organization` names one and its accounts, as the local run does for a topology that has
one; any other method only tells.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from local.gateway.faults import body_of

PATH = "/_local/organization"

_organizations: dict[str, str] = {}
"""The organization of each account that is in one."""


def of_account(account_id: str) -> str | None:
    """The id of the account's organization; None where it is in none."""
    return _organizations.get(account_id)


async def serve(method: str, receive: Callable[[], Awaitable[Any]]) -> tuple[int, dict[str, Any]]:
    """The status and the content of the response to a request to `PATH`."""
    if method == "PUT":
        content = json.loads(await body_of(receive))
        _organizations.update(dict.fromkeys(content["accounts"], content["id"]))
    return 200, dict(_organizations)
