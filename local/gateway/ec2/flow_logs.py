"""The tags of a new flow log, which EC2 takes for a `vpc-flow-log` and MiniStack for a `flow-log`.

Without them a role that may remove only what has the stack's tags couldn't remove it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_Parser = Callable[[dict[str, Any], str, str], None]


def kind_of_tags(original: _Parser) -> _Parser:
    """Read the tags under EC2's name of the kind."""

    def parse(request: dict[str, Any], kind: str, resource_id: str) -> None:
        original(request, "vpc-flow-log" if kind == "flow-log" else kind, resource_id)

    return parse
