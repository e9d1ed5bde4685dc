"""Rows of Airflow's REST API."""

from __future__ import annotations

from typing import Any

from local.run.states import dag_run_of, task_of

RUN_ROW: dict[str, Any] = {
    "dag_id": "dag",
    "dag_run_id": "id",
    "state": "success",
    "conf": {},
    "run_after": "2026-11-22T12:33:36.123456Z",
    "start_date": "2026-11-22T12:33:37Z",
    "end_date": "2026-11-22T12:33:39.500000Z",
}


def test_a_run_is_named_as_the_dags_name_it() -> None:
    assert dag_run_of(RUN_ROW).run == "20261122T123336123456"
    elsewhere = {**RUN_ROW, "run_after": "2026-11-22T13:33:36.123456+01:00"}
    assert dag_run_of(elsewhere).run == "20261122T123336123456"
    whole_second = {**RUN_ROW, "run_after": "2026-11-22T12:33:36Z"}
    assert dag_run_of(whole_second).run == "20261122T123336000000"


def test_a_run_that_was_handed_over_keeps_its_name() -> None:
    assert dag_run_of({**RUN_ROW, "conf": {"run": "20260101T000000000000"}}).run == (
        "20260101T000000000000"
    )


def test_how_long_it_took_is_its_end_less_its_start() -> None:
    assert dag_run_of(RUN_ROW).seconds == 2.5
    assert dag_run_of({**RUN_ROW, "state": "running", "end_date": None}).seconds is None


def test_a_task_without_a_state_waits() -> None:
    task = task_of(
        {
            "dag_id": "dag",
            "dag_run_id": "id",
            "task_id": "task",
            "state": None,
            "try_number": 0,
            "start_date": None,
            "end_date": None,
        }
    )

    assert (task.state, task.seconds) == ("waiting", None)
