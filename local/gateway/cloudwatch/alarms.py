"""The evaluation of alarms: MiniStack mixes the metrics of all dimensions."""
# ruff: noqa: SLF001 -- reads and writes MiniStack's own stores

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.services import cloudwatch


def evaluate_alarm(original: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
    """Evaluate an alarm on the metric of its own dimensions."""

    def evaluating(alarm: dict[str, Any]) -> None:
        dimensions = cloudwatch._dims_from_list(alarm.get("Dimensions", []))
        wanted, every = cloudwatch._dims_key(dimensions), cloudwatch._metrics
        cloudwatch._metrics = {key: every[key] for key in every if key[2] == wanted}
        try:
            original(alarm)
        finally:
            cloudwatch._metrics = every

    return evaluating
