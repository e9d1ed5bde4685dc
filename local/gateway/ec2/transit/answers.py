"""Answers in EC2's XML, of plain values."""
# ruff: noqa: SLF001 -- answers as MiniStack's own handlers do

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from ministack.services import ec2

Answer = Any
"""What a handler of MiniStack's returns."""


class RefusedError(Exception):
    """A request that EC2 refuses, with the code of its error."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def answered(action: str, members: Mapping[str, Any]) -> Answer:
    """The answer of a call: mappings are structures, sequences are lists of items."""
    return ec2._xml(200, f"{action}Response", _content(members))


def refused(error: RefusedError) -> Answer:
    """The answer of a call that EC2 refuses."""
    return ec2._error(error.code, escape(str(error)), 400)


def _content(value: Any) -> str:
    if isinstance(value, Mapping):
        return "".join(f"<{name}>{_content(each)}</{name}>" for name, each in value.items())
    if isinstance(value, list):
        return "".join(f"<item>{_content(each)}</item>" for each in value)
    return escape(str(value))
