"""When Airflow starts the runs of a data pipeline, and which raw file each of them reads."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import pendulum
from airflow.timetables.interval import CronDataIntervalTimetable

from cross_account.raw_key import raw_key_at
from cross_account.run import DagRunTimes, has_interval, moment_of_dag_run
from cross_account.topology_file import DataPipelineEntry

_LONG_AGO = "2020-01-01"
"""A schedule needs a first day, also where no earlier interval is run."""


class DagRunWithInterval(DagRunTimes, Protocol):
    """The part of a DAG run that its raw file's key depends on."""

    data_interval_start: datetime | None


def raw_key_of(dag_run: DagRunWithInterval, raw_key: str, timezone: str) -> str:
    """The key of a DAG run's raw file: of the start of its interval.

    A run that was started by hand has none of its own: Airflow gives it the last one, or none.
    """
    start = dag_run.data_interval_start if has_interval(dag_run) else None
    return raw_key_at(start or moment_of_dag_run(dag_run), raw_key, timezone)


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
