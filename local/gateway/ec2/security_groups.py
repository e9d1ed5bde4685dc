"""Security groups and their rules: few characters in names and descriptions, and prefix lists.

MiniStack accepts any character, so that an apostrophe would only be refused on AWS, and forgets the
prefix lists that a rule names.
"""
# ruff: noqa: SLF001 -- reads and answers as MiniStack's own handlers do

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

from ministack.services import ec2

_CHARACTERS = "a-z, A-Z, 0-9, spaces, and ._-:/()#,@[]+=&;{}!$*"
_ALLOWED = re.compile(r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{0,255}")
"""EC2's API reference, `CreateSecurityGroup` and `IpRange`."""

_STRING = re.compile(r"Group(?:Name|Description)|IpPermissions\.\d+\.\w+\.\d+\.Description")
"""The parameters of the three actions that hold such a string, as a request numbers them."""

ACTIONS = (
    "CreateSecurityGroup",
    "AuthorizeSecurityGroupIngress",
    "AuthorizeSecurityGroupEgress",
)
"""The actions whose requests are checked."""

_Handler = Callable[[dict[str, Any]], Any]
_Parser = Callable[[dict[str, Any], str], list[dict[str, Any]]]


def checked(original: _Handler) -> _Handler:
    """Refuse a name or description that EC2 refuses."""

    def handle(request: dict[str, Any]) -> Any:
        for name in filter(_STRING.fullmatch, request):
            value = ec2._p(request, name)
            if not _ALLOWED.fullmatch(value):
                message = (
                    f"Invalid value '{value}' for {name}: expected at most 255 characters of "
                    f"{_CHARACTERS}"
                )
                return ec2._error("InvalidParameterValue", escape(message), 400)
        return original(request)

    return handle


def with_prefix_lists(original: _Parser) -> _Parser:
    """Keep the prefix lists that a rule names."""

    def parse(request: dict[str, Any], prefix: str) -> list[dict[str, Any]]:
        rules = original(request, prefix)
        for number, rule in enumerate(rules, start=1):
            start = f"{prefix}.{number}.PrefixListIds"
            for position in itertools.count(1):
                found = ec2._p(request, f"{start}.{position}.PrefixListId")
                if not found:
                    break
                rule["PrefixListIds"].append({"PrefixListId": found})
        return rules

    return parse
