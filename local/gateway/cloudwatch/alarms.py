"""The evaluation of alarms: MiniStack mixes the metrics of all dimensions."""
# ruff: noqa: SLF001 -- reads MiniStack's own stores

from __future__ import annotations

import operator
import time
from typing import Any

from ministack.services import cloudwatch

_BEYOND = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanOrEqualToThreshold": operator.le,
    "LessThanThreshold": operator.lt,
}


def evaluate_alarm(alarm: dict[str, Any]) -> None:
    """Evaluate an alarm on the metric of its own dimensions; it stays as it is without data."""
    dimensions = cloudwatch._dims_key(cloudwatch._dims_from_list(alarm.get("Dimensions", [])))
    points = cloudwatch._metrics.get((alarm["Namespace"], alarm["MetricName"], dimensions), [])
    start = time.time() - alarm["Period"] * alarm["EvaluationPeriods"]
    recent = [point for point in points if point["Timestamp"] >= start]
    if recent:
        statistic = alarm["Statistic"]
        value = cloudwatch._stat_value(cloudwatch._calc_stats(recent), statistic, recent)
        beyond = _BEYOND[alarm["ComparisonOperator"]](value, alarm["Threshold"])
        _change(alarm, "ALARM" if beyond else "OK", f"{statistic} is {value}")


def _change(alarm: dict[str, Any], state: str, reason: str) -> None:
    before = alarm["StateValue"]
    if state != before:
        alarm.update(StateValue=state, StateReason=reason, StateUpdatedTimestamp=int(time.time()))
        cloudwatch._record_history(alarm["AlarmName"], before, state, reason)
        cloudwatch._dispatch_alarm_actions(alarm, before, state, reason)
