"""The organization of the accounts: MiniStack has one of its own for each account.

`PUT /_local/organization` names it and its accounts, as the local run does for a topology that has
one. No AWS service of the gateway calls as itself where a policy asks for the organization.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from ministack.core import iam_evaluator

from local.gateway.faults import body_of
from local.gateway.stores import buckets

PATH = "/_local/organization"

_Resolve = Callable[[str, iam_evaluator.EvalContext], object]


_organizations: dict[str, str] = {}
"""The organization of each account that is in one."""


async def serve(method: str, receive: Callable[[], Awaitable[Any]]) -> tuple[int, dict[str, Any]]:
    """The status and the content of the response to a request to `PATH`."""
    if method == "PUT":
        content = json.loads(await body_of(receive))
        _organizations.update(dict.fromkeys(content["accounts"], content["id"]))
    return 200, dict(_organizations)


def resolve_condition_key(original: _Resolve) -> _Resolve:
    """Resolve the keys of principal and resource that tell their organization."""

    def resolve(key: str, context: iam_evaluator.EvalContext) -> object:
        match key.lower():
            case "aws:principalorgid":
                return _organizations.get(context.principal_account)
            case "aws:resourceorgid":
                return _organizations.get(_owner(context))
            case "aws:principalisawsservice":
                return "false"
        return original(key, context)

    return resolve


def _owner(context: iam_evaluator.EvalContext) -> str:
    """The account that a resource belongs to."""
    arn = context.resource_arn
    if arn.startswith("arn:aws:s3:::"):
        return buckets.owner_of(buckets.split(arn)[0]) or context.principal_account
    named = arn.split(":")[4] if arn.count(":") > 4 else ""  # noqa: PLR2004 (the account's place)
    return named or context.principal_account
