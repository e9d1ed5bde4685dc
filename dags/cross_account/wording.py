"""How errors name values and problems."""

from __future__ import annotations

import reprlib
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

_SHOWN = 3
"""Items that an error names before it only counts the rest."""

_VALUES = reprlib.Repr()
_VALUES.maxstring = 200


def some(items: Sequence[str], separator: str = ", ") -> str:
    """The first of `items`, and how many more there are."""
    rest = len(items) - _SHOWN
    return separator.join(items[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def problems(error: ValidationError) -> str:
    """What pydantic found wrong: path, expected value, found value."""
    return some([_problem(found) for found in error.errors()], "; ")


def _problem(found: Mapping[str, Any]) -> str:
    path = ".".join(map(str, found["loc"]))
    message = found["msg"].replace("Input should be", "expected")
    # Where a field is missing, or a rule over several fails, pydantic's input is the whole object.
    whole = found["type"] == "missing" or (isinstance(found["input"], dict) and found["input"])
    value = "" if whole else f", got {_VALUES.repr(found['input'])}"
    return f"{path}{': ' if path else ''}{message}{value}"
