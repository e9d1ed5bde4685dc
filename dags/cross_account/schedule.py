"""When Airflow starts the runs of a data pipeline by itself."""

from __future__ import annotations

import pendulum
from airflow.timetables.interval import CronDataIntervalTimetable

from cross_account.topology_file import DataPipelineEntry

_LONG_AGO = "2020-01-01"
"""A schedule needs a first day, also where no earlier interval is run."""


def timetable_of(pipeline: DataPipelineEntry) -> CronDataIntervalTimetable | None:
    """The pipeline's schedule, if it has one.

    A run follows the end of its data interval, so that the file of a day is complete when the run
    of the day starts. A cron string would depend on `scheduler.create_cron_data_intervals`.
    """
    if pipeline.schedule is None:
        return None
    return CronDataIntervalTimetable(pipeline.schedule, timezone=pipeline.timezone)


def first_day_of(pipeline: DataPipelineEntry) -> pendulum.DateTime:
    """The start of the first data interval, in the schedule's time zone."""
    day = pendulum.Date.fromisoformat(pipeline.catchup_from or _LONG_AGO)
    return pendulum.datetime(day.year, day.month, day.day, tz=pipeline.timezone)
