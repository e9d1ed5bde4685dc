"""How tests ask a gateway for faults: `held` for as long as a block lasts."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def ask(endpoint: str, content: object = None) -> dict[str, Any]:
    """The faults that hold, after setting `content` if given."""
    body = None if content is None else json.dumps(content).encode()
    url = f"{endpoint}/_local/faults"
    request = urllib.request.Request(url, body, method="PUT" if body else "GET")  # noqa: S310 (http)
    with _direct.open(request) as answer:
        faults: dict[str, Any] = json.load(answer)
    return faults


@contextmanager
def held(endpoint: str, **patterns: list[str]) -> Iterator[None]:
    """Hold `hold_answers` or `hold_replicas` back, instead of what was held before."""
    ask(endpoint, patterns)
    try:
        yield
    finally:
        ask(endpoint, {})
