"""What an alarm watches. Doesn't import Pulumi."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

PERIOD_SECONDS = 300
"""The period of AWS's recommended alarms."""

HOUR_SECONDS = 3600


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """A metric, and when it is an alarm: `periods` in a row beyond `threshold`.

    A period is `period_seconds` long.
    """

    purpose: str
    """What its name ends in."""

    description: str
    """What has happened, and what to look at."""

    namespace: str
    metric: str
    statistic: Literal["Average", "Maximum", "Sum"]
    comparison: Literal["GreaterThanThreshold", "LessThanThreshold"] = "GreaterThanThreshold"
    threshold: float | None
    """None switches the alarm off."""

    periods: int
    period_seconds: int = PERIOD_SECONDS
    dimensions: Mapping[str, str] = field(default_factory=dict)
    missing_data: Literal["breaching", "ignore", "notBreaching"] = "notBreaching"
    tells_of_its_begin: bool = True
    """Its end is always told."""


def switched_on(alarms: Iterable[Alarm]) -> Iterator[Alarm]:
    """Those of the alarms that have a threshold."""
    return (alarm for alarm in alarms if alarm.threshold is not None)


def function_errors(
    function_name: str, *, purpose: str, description: str, threshold: float | None
) -> Alarm:
    """The alarm on invocations of a function that fail."""
    return Alarm(
        purpose=purpose,
        description=description,
        namespace="AWS/Lambda",
        metric="Errors",
        dimensions={"FunctionName": function_name},
        statistic="Sum",
        threshold=threshold,
        periods=1,
    )
