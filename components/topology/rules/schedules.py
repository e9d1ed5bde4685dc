"""What starts a data pipeline's runs: a schedule that Airflow can follow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import available_timezones

from croniter import CroniterBadDateError, croniter

from components.topology import limits
from components.topology.codes import Code
from components.topology.model import Start, Topology
from components.topology.problems import KeyPath, Problem, closest, missing, refused

_CRON_FIELDS = 5
_RANDOM = re.compile(r"(?<![a-z])r(?![a-z])", re.IGNORECASE)
"""croniter's field for any value at all, which differs each time that Airflow asks."""

_FIRST_DAY = date(2020, 1, 1)

_TIME_ZONES = available_timezones() - {"Factory", "localtime"}
"""Less those that depend on the machine."""


def problems(topology: Topology) -> Iterator[Problem]:
    """What is wrong with each data pipeline's `start`."""
    for name, pipeline in topology.data_pipelines.items():
        path = ("data_pipelines", name, "start")
        yield from _schedule((*path, "schedule"), pipeline.start.schedule)
        yield from _timezone((*path, "timezone"), pipeline.start.timezone)
        yield from _catchup(path, pipeline.start)


def _schedule(path: KeyPath, schedule: str | None) -> Iterator[Problem]:
    if schedule is None or schedule in limits.SCHEDULE_PRESETS:
        return
    expected = (
        "a cron expression of five fields, such as 0 5 * * *, or one of "
        f"{', '.join(limits.SCHEDULE_PRESETS)}"
    )
    # Airflow also takes a sixth field, of seconds.
    fields = len(schedule.split())
    if fields != _CRON_FIELDS or _RANDOM.search(schedule) or not croniter.is_valid(schedule):
        yield from refused(path, Code.MALFORMED, schedule, "is not a schedule", expected=expected)
    elif not _ever_comes(schedule):
        yield from refused(
            path,
            Code.MALFORMED,
            schedule,
            "is a time that never comes",
            expected=expected,
            advice="Correct the day or the month",
        )


def _ever_comes(schedule: str) -> bool:
    try:
        croniter(schedule, datetime.now(UTC)).get_next()
    except CroniterBadDateError:
        return False
    return True


def _timezone(path: KeyPath, timezone: str) -> Iterator[Problem]:
    if timezone not in _TIME_ZONES:
        yield from refused(
            path,
            Code.MALFORMED,
            timezone,
            "is not a time zone",
            expected="a name of the IANA database, such as UTC or Europe/Berlin",
            advice=closest(timezone, _TIME_ZONES, otherwise=""),
        )


def _catchup(path: KeyPath, start: Start) -> Iterator[Problem]:
    if start.catchup_from is None:
        return
    if not _is_day(start.catchup_from):
        yield from refused(
            (*path, "catchup_from"),
            Code.MALFORMED,
            start.catchup_from,
            "is not a day to begin with",
            expected=f"a day as YYYY-MM-DD, {_FIRST_DAY} or later",
        )
    if start.schedule is None:
        yield from missing(
            (*path, "schedule"),
            "catchup_from is for the runs of a schedule",
            "Add a schedule, or remove catchup_from",
        )


def _is_day(text: str) -> bool:
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        return False
    return day.isoformat() == text and day >= _FIRST_DAY
