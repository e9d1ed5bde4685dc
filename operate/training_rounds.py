"""The metric of each boosting round, as XGBoost wrote it to the training job's log."""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import isfinite

_SPACE = r"(?:\s|#011)"
"""A tab, which the log of SageMaker's image may have as `#011`."""

_ROUND = re.compile(rf"\[(\d+)\]({_SPACE}.+)")
_VALUE = re.compile(rf"{_SPACE}(train|validation)-([^\s#:]+):([^\s#]+)")

Curve = list[tuple[int, float]]
"""Rounds and values."""


def metrics_by_round(lines: Iterable[str]) -> dict[str, dict[str, Curve]]:
    """The finite values by metric and data set: `{"auc": {"train": [(0, 0.8), ...]}}`.

    SageMaker reads a job's metrics from the same lines, by similar patterns.
    """
    found: dict[str, dict[str, Curve]] = {}
    for line in lines:
        matched = _ROUND.search(line)
        for data, metric, text in _VALUE.findall(matched[2]) if matched else []:
            value = _number(text)
            if matched and value is not None:
                found.setdefault(metric, {}).setdefault(data, []).append((int(matched[1]), value))
    return found


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None
