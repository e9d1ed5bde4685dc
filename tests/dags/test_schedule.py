"""When Airflow starts a data pipeline's runs, and which raw file each of them reads."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pendulum
import pytest
from airflow.timetables.base import TimeRestriction
from cross_account.raw_key import raw_key_of
from cross_account.schedule import first_day_of, timetable_of

from tests.dags.example_topology import read, topology

pytestmark = pytest.mark.airflow

BERLIN = "Europe/Berlin"


def scheduled(**start: Any) -> Any:
    """A data pipeline's entry with these values of `start`."""
    content = topology()
    content["data_pipelines"]["east1"].update(start)
    return read(content).data_pipelines["east1"]


def test_without_a_schedule_airflow_starts_none() -> None:
    assert timetable_of(scheduled()) is None


def test_a_run_follows_the_end_of_its_day_in_the_schedules_time_zone() -> None:
    pipeline = scheduled(schedule="0 5 * * *", timezone=BERLIN, catchup_from="2026-03-28")
    timetable = timetable_of(pipeline)
    assert timetable is not None
    everything = TimeRestriction(earliest=first_day_of(pipeline), latest=None, catchup=True)

    first = timetable.next_dagrun_info(last_automated_data_interval=None, restriction=everything)

    assert first is not None
    assert first.data_interval is not None
    # The clocks go forward in the night to 29 March.
    assert first.data_interval.start == pendulum.datetime(2026, 3, 28, 5, tz=BERLIN)
    assert first.run_after == pendulum.datetime(2026, 3, 29, 5, tz=BERLIN)
    assert first.run_after - first.data_interval.start == pendulum.duration(hours=23)


@pytest.mark.parametrize(
    ("interval_start", "expected"),
    [
        (datetime(2026, 11, 25, 23, 30, tzinfo=UTC), "raw/2026-11-26/00.csv"),
        (None, "raw/2026-11-27/05.csv"),
    ],
)
def test_the_key_names_the_start_of_the_interval_or_else_the_runs_moment(
    interval_start: datetime | None, expected: str
) -> None:
    run = SimpleNamespace(
        data_interval_start=interval_start, run_after=datetime(2026, 11, 27, 4, tzinfo=UTC)
    )
    assert raw_key_of(run, "raw/{date}/{hour}.csv", BERLIN) == expected
