"""AWS's IAM actions, as its Service Authorization Reference lists them. Doesn't import Pulumi."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

ACTION_DATA = Path(__file__).with_name("actions.json")
"""What `make lock` writes."""


def is_known(action: str) -> bool:
    """Whether AWS lists the action; IAM takes no heed of upper and lower case."""
    return action.lower() in _listed()["actions"]


def gives_permissions(action: str) -> bool:
    """Whether the access level that AWS lists for the action is `Permissions management`."""
    return action.lower() in _listed()["permissions_management"]


def closest(action: str) -> str | None:
    """The listed action that is most alike, of the same service if AWS lists that."""
    known = _listed()["actions"]
    service, _, name = action.lower().partition(":")
    services = {each.partition(":")[0] for each in known}
    if service not in services:
        service = next(iter(_alike(service, services)), "")
    of_service = [each for each in known if each.startswith(f"{service}:")]
    found = _alike(f"{service}:{name}", of_service)
    return known[found[0]] if found else None


def _alike(name: str, names: Iterable[str]) -> list[str]:
    return difflib.get_close_matches(name, sorted(names), n=1, cutoff=0.75)


@cache
def _listed() -> Mapping[str, Mapping[str, str]]:
    """The actions as AWS writes them, by their names in lower case, in both lists."""
    data = json.loads(ACTION_DATA.read_text(encoding="utf-8"))
    return {
        key: {
            f"{service}:{name}".lower(): f"{service}:{name}"
            for service, names in data[key].items()
            for name in names
        }
        for key in ("actions", "permissions_management")
    }
