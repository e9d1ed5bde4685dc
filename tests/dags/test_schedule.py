"""When Airflow starts a data pipeline's runs, and which raw file each of them reads."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pendulum
import pytest
from airflow.timetables.base import TimeRestriction
from cross_account.run import run_of
from cross_account.schedule import first_day_of, raw_key_of, timetable_of

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


INTERVAL_START = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)
RUN_AFTER = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)
BY_HAND = datetime(2026, 11, 27, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("run_type", "logical_date", "run_after", "run", "key"),
    [
        ("scheduled", INTERVAL_START, RUN_AFTER, "20261126T233000000000", "2026-11-26/00"),
        ("backfill", INTERVAL_START, RUN_AFTER, "20261126T233000000000", "2026-11-26/00"),
        # Airflow 3.0 takes the end of the last interval, later versions the present.
        ("manual", BY_HAND, RUN_AFTER, "20261127T040000000000", "2026-11-27/05"),
        ("manual", None, BY_HAND, "20261127T040000000000", "2026-11-27/05"),
        ("operator_triggered", None, BY_HAND, "20261127T040000000000", "2026-11-27/05"),
    ],
)
def test_a_run_and_its_key_are_of_the_interval_or_of_the_start_by_hand(
    run_type: str, logical_date: datetime | None, run_after: datetime, run: str, key: str
) -> None:
    dag_run: Any = SimpleNamespace(
        run_type=run_type,
        logical_date=logical_date,
        data_interval_start=INTERVAL_START,
        run_after=run_after,
    )
    assert run_of(dag_run) == run
    assert raw_key_of(dag_run, "raw/{date}/{hour}.csv", BERLIN) == f"raw/{key}.csv"
