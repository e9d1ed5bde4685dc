"""A training job's last metrics, as SageMaker finds them in what the training prints."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

_XGBOOST_ROUND = re.compile(r"^\[\d+\]\s")
_XGBOOST_VALUE = re.compile(r"\s(train|validation)-([^\s:]+):(\S+)")
"""Those that SageMaker has for AWS's XGBoost image; it takes no others for it."""


def final_metrics(request: Mapping[str, Any], log: str) -> list[dict[str, Any]]:
    """The job's FinalMetricDataList: of each metric the last value in the log."""
    definitions = request["AlgorithmSpecification"].get("MetricDefinitions")
    found = _of_xgboost(log) if definitions is None else _defined(definitions, log)
    now, values = time.time(), {}
    for name, text in found:
        with suppress(ValueError):
            values[name] = float(text)
    return [
        {"MetricName": name, "Value": value, "Timestamp": now} for name, value in values.items()
    ]


def _of_xgboost(log: str) -> Iterable[tuple[str, str]]:
    for line in log.splitlines():
        if _XGBOOST_ROUND.match(line):
            for data, metric, text in _XGBOOST_VALUE.findall(line):
                yield f"{data}:{metric}", text


def _defined(definitions: Iterable[Mapping[str, str]], log: str) -> Iterable[tuple[str, str]]:
    for definition in definitions:
        for matched in re.finditer(definition["Regex"], log):
            yield definition["Name"], matched[1] or ""
