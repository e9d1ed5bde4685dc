"""The rows of several sources can be trained on together only if their columns are the same."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from cross_account.failure import PipelineError

_NEXT_STEP = (
    "Pin the columns alike in both data pipelines (`columns`, with `levels` for categories), and "
    "start new runs of them."
)


class SourcesDifferError(PipelineError):
    """A source's columns aren't those of the first source."""


def check_columns(columns: Mapping[str, object]) -> None:
    """Compare the names of the written columns, which each source's manifest has in their order."""
    (first, expected), *others = columns.items()
    for name, found in others:
        _compare(first, name, _listed(expected), _listed(found))


def check_schemas(schemas: Mapping[str, Mapping[str, Any]]) -> None:
    """Compare each source's `schema.json`: the label, kinds and levels, the order of features."""
    (first, expected), *others = schemas.items()
    for name, found in others:
        _compare(
            first, name, *(list(map(_described, _columns(each))) for each in (expected, found))
        )
        _compare(first, name, expected["features"], found["features"])
        if expected.get("cells") != found.get("cells"):
            raise SourcesDifferError(
                f"The cells of {name} are read otherwise than those of {first}: expected "
                f"{expected.get('cells')}, got {found.get('cells')}. Write `input` alike in both."
            )


def _listed(columns: object) -> list[object]:
    return list(columns) if isinstance(columns, list) else []


def _columns(schema: Mapping[str, Any]) -> list[dict[str, Any]]:
    label = schema["label"]
    described = {"name": label["column"], "kind": label["kind"], "levels": label["classes"]}
    return [described, *schema["columns"]]


def _described(column: Mapping[str, Any]) -> dict[str, Any]:
    """What has to be the same; whether it was pinned hasn't."""
    return {key: value for key, value in column.items() if key != "pinned"}


def _compare(first: str, name: str, expected: list[Any], found: list[Any]) -> None:
    for number, (wanted, got) in enumerate(zip_longest(expected, found), start=1):
        if wanted != got:
            raise SourcesDifferError(
                f"Column {number} of {name} differs from that of {first}: expected "
                f"{wanted or 'no such column'}, got {got or 'no such column'}. {_NEXT_STEP}"
            )
