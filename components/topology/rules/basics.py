"""What several rules need."""

from __future__ import annotations

import re
from collections.abc import Iterator

from components.topology.codes import Code
from components.topology.problems import KeyPath, Problem, refused


def matching(
    path: KeyPath,
    value: str | None,
    pattern: str,
    *,
    what: str,
    form: str,
    advice: str = "",
    relies_on: tuple[KeyPath, ...] = (),
) -> Iterator[Problem]:
    """`value`, where there is one, matches `pattern` as a whole, in ASCII: it is `what`."""
    if value is not None and not matches(value, pattern):
        yield from refused(
            path,
            Code.MALFORMED,
            value,
            f"is not {what}",
            expected=form,
            advice=advice,
            relies_on=relies_on,
        )


def at_most(path: KeyPath, count: int, most: int, *, what: str) -> Iterator[Problem]:
    """There are no more than `most` of `what`, in the plural."""
    if count > most:
        yield from refused(
            path, Code.TOO_MANY, count, f"{what} are too many", expected=f"at most {most}"
        )


def matches(value: str, pattern: str) -> bool:
    """Whether `value` is what `pattern` describes, as a whole and in ASCII."""
    return re.fullmatch(pattern, value, re.ASCII) is not None
