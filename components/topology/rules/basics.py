"""The few kinds of rule that most values need."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from components.topology.problems import KeyPath, Problem, closest, listed, refused


def within(
    path: KeyPath,
    value: float | None,
    bounds: tuple[float, float],
    remedy: str,
    *relies_on: KeyPath,
) -> Iterator[Problem]:
    """`value`, where there is one, lies between both ends or on one of them."""
    low, high = bounds
    if value is not None and not low <= value <= high:
        allowed = f"{low:,} to {high:,}" if low < high else f"{low:,}"
        yield from refused(path, value, allowed, remedy, *relies_on)


def matching(
    path: KeyPath, value: str | None, pattern: str, allowed: str, remedy: str, *relies_on: KeyPath
) -> Iterator[Problem]:
    """`value`, where there is one, matches `pattern` as a whole, in ASCII."""
    if value is not None and not matches(value, pattern):
        yield from refused(path, value, allowed, remedy, *relies_on)


def matches(value: str, pattern: str) -> bool:
    """Whether `value` is what `pattern` describes, as a whole and in ASCII."""
    return re.fullmatch(pattern, value, re.ASCII) is not None


def one_of(path: KeyPath, value: str, known: Collection[str], otherwise: str) -> Iterator[Problem]:
    """`value` is one of `known`; the closest is suggested, else `otherwise` says what to do."""
    if value not in known:
        remedy = closest(value, known, otherwise=otherwise)
        yield from refused(path, value, f"one of {listed(known)}", remedy)
