"""The principals that a policy names: AWS stores no policy with one that doesn't exist."""
# ruff: noqa: SLF001 -- reads MiniStack's own stores

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from ministack.services import iam

_NOT_LOOKED_UP = re.compile(
    r"\*|\d{12}|arn:aws[a-z-]*:iam::\d{12}:root|arn:aws[a-z-]*:sts::\d{12}:[a-z-]+/.+"
)
"""Everyone, an account, a session: the gateway can't tell which accounts and sessions exist."""

_IDENTITY = re.compile(r"arn:aws[a-z-]*:iam::(\d{12}):(role|user)/(?:.+/)?([^/]+)")
_STORES = {"role": iam._roles, "user": iam._users}


def statements(document: str) -> list[dict[str, Any]]:
    """The statements of a policy; none where it isn't JSON."""
    try:
        found = json.loads(document)["Statement"]
    except (json.JSONDecodeError, KeyError, TypeError):
        return []
    return [found] if isinstance(found, dict) else found


def unknown_principal(policy: list[dict[str, Any]]) -> str | None:
    """The first principal that doesn't exist, as AWS writes it (`"AWS":"<ARN>"`), if any."""
    unknown = (each for each in _principals(policy) if not _exists(each))
    return next((f'"AWS":"{principal}"' for principal in unknown), None)


def _principals(policy: list[dict[str, Any]]) -> Iterator[str]:
    for statement in policy:
        for element in ("Principal", "NotPrincipal"):
            given = statement.get(element, {})
            named = given.get("AWS", []) if isinstance(given, dict) else given
            yield from [named] if isinstance(named, str) else named


def _exists(principal: str) -> bool:
    if _NOT_LOOKED_UP.fullmatch(principal):
        return True
    identity = _IDENTITY.fullmatch(principal)
    if identity is None:
        return False
    account_id, kind, name = identity.groups()
    found = _STORES[kind].get_scoped(account_id, None, name) or {}
    return bool(found.get("Arn") == principal)
