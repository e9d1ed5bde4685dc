"""One change of a JSON document."""

from __future__ import annotations

import copy
from typing import Any


def changed(content: Any, path: str, value: object) -> Any:
    """A copy of `content` with one value changed, or removed where `value` is `...`."""
    content = copy.deepcopy(content)
    *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    parent = content
    for part in parents:
        parent = parent[part]
    if value is ...:
        del parent[last]
    else:
        parent[last] = value
    return content
