"""What a run's data means: `schema.json`, and the names of the columns that are written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workloads.glue.dialect import Input
from workloads.glue.kinds import CATEGORY, Column, in_order

SCHEMA_VERSION = 1


def schema(run: str, columns: Sequence[Column], label: str, given: Input) -> dict[str, Any]:
    """The schema: the input's columns in its order, the model's features in theirs."""
    found = next(column for column in columns if column.name == label)
    return {
        "version": SCHEMA_VERSION,
        "run": run,
        "label": {
            "column": label,
            "kind": found.kind,
            "classes": list(found.levels) if found.kind == CATEGORY else None,
        },
        **({"cells": given.cells} if given.cells else {}),
        "columns": [_described(column) for column in columns if column.name != label],
        "features": _features(columns, label),
    }


def written_names(columns: Sequence[Column], label: str) -> list[str]:
    """The names of the columns of the written files: label first."""
    features = _features(columns, label)
    return [label, *(_name(feature) for feature in features)]


def _described(column: Column) -> dict[str, Any]:
    levels = {"levels": list(column.levels)} if column.kind == CATEGORY else {}
    return {"name": column.name, "kind": column.kind, "pinned": column.is_pinned, **levels}


def _features(columns: Sequence[Column], label: str) -> list[dict[str, Any]]:
    return [each for column in in_order(label, columns)[1:] for each in _features_of(column)]


def _features_of(column: Column) -> list[dict[str, Any]]:
    """A feature of each level; the levels beyond those kept share one that names none."""
    if column.kind != CATEGORY:
        return [{"column": column.name}]
    levels = [{"column": column.name, "level": level} for level in column.levels]
    return [*levels, {"column": column.name, "level": None}] if column.has_other else levels


def _name(feature: dict[str, Any]) -> str:
    if "level" not in feature:
        return str(feature["column"])
    column, level = feature["column"], feature["level"]
    return f"{column} (other levels)" if level is None else f"{column}={level}"
