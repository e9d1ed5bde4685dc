"""As what each column of the input was taken, and by which cells: for people, not for a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from workloads.glue.kinds import CATEGORY, Column

LEVELS_SHOWN = 10


def taken(columns: Sequence[Column]) -> list[dict[str, Any]]:
    """Each column with its kind, how many of its cells are what, and its most frequent levels."""
    return [_taken(column) for column in columns]


def _taken(column: Column) -> dict[str, Any]:
    levels = {"levels": _levels(column)} if column.kind == CATEGORY else {}
    return {
        "name": column.name,
        "kind": column.kind,
        "pinned": column.is_pinned,
        "cells": asdict(column.cells),
        **levels,
    }


def _levels(column: Column) -> dict[str, Any]:
    ranked = sorted(zip(column.levels, column.times, strict=True), key=lambda level: -level[1])
    return {
        "kept": len(column.levels),
        "others": column.has_other,
        "most_frequent": dict(ranked[:LEVELS_SHOWN]),
    }
