"""What several rules need."""

from __future__ import annotations

import re
from collections.abc import Iterator

from components.topology import limits
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


def column_name(path: KeyPath, name: str) -> Iterator[Problem]:
    """`name` may be that of a column of the input."""
    if not name or name != name.strip():
        yield from refused(
            path,
            Code.MALFORMED,
            name,
            "is not a column name",
            expected="a name without a space at either end",
            advice="Write the name as in the file's first line",
        )


def is_raw_key(key: str) -> bool:
    """Whether `key` is that of an object under raw/, or a prefix of several, without wildcards."""
    folders = key.removesuffix("/").split("/")
    return (
        matches(key, limits.RAW_KEY_PATTERN)
        and len(key.encode()) <= limits.RAW_KEY_BYTES
        and len(folders) > 1
        and not any(folder in {"", ".", ".."} for folder in folders)
    )


def matches(value: str, pattern: str) -> bool:
    """Whether `value` is what `pattern` describes, as a whole and in ASCII."""
    return re.fullmatch(pattern, value, re.ASCII) is not None
