"""How a policy differs from the one that is expected, statement by statement."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

Policy = Mapping[str, Any]


def difference(actual: Policy, expected: Policy) -> list[str]:
    """One line for each statement that was added, removed, changed or moved; none if equal."""
    lines = [*_elements(actual, expected), *_statements(_by_sid(actual), _by_sid(expected))]
    if not lines and actual != expected:
        lines = [f"order of the statements: {_sids(actual)}, expected {_sids(expected)}"]
    return lines


def _elements(actual: Policy, expected: Policy) -> Iterator[str]:
    for name in sorted({*actual, *expected} - {"Statement"}):
        if actual.get(name) != expected.get(name):
            yield f"{name}: {_json(actual.get(name))}, expected {_json(expected.get(name))}"


def _statements(actual: Policy, expected: Policy) -> Iterator[str]:
    for sid in sorted({*actual, *expected}):
        if sid not in expected:
            yield f"added {sid}: {_json(actual[sid])}"
        elif sid not in actual:
            yield f"removed {sid}: {_json(expected[sid])}"
        else:
            for line in _elements(actual[sid], expected[sid]):
                yield f"changed {sid}: {line}"


def _by_sid(policy: Policy) -> dict[str, Any]:
    statements = {each["Sid"]: each for each in policy["Statement"]}
    assert len(statements) == len(policy["Statement"]), f"a Sid is there twice: {_sids(policy)}"
    return statements


def _sids(policy: Policy) -> list[str]:
    return [each["Sid"] for each in policy["Statement"]]


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True)
