"""Starting the DAGs and following their runs, against an Airflow that plays along."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from types import SimpleNamespace
from typing import cast

import pytest

from local.deployment.stopping import Stop, StoppedError
from local.run import following
from local.run.airflow_api import AirflowApi
from local.run.errors import RunError
from local.run.following import Flow, follow, start
from local.run.progress import Progress
from tests.local.run.fake_airflow import DATA, ML, PLAN, RUN, FakeAirflow, dag_run, task

STATES = ("running", "success", "failed")
DATA_RUN = {state: dag_run(DATA.dag_id, "manual", state) for state in STATES}
ML_RUN = {state: dag_run(ML.dag_id, RUN, state) for state in STATES}


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "POLL_SECONDS", 0.0)


def followed(airflow: FakeAirflow, lines: list[str] | None = None) -> Flow:
    progress = Progress((lines if lines is not None else []).append)
    api = cast("AirflowApi", airflow)
    return follow(PLAN, {"east1": DATA_RUN["running"]}, api, progress, Stop())


MOMENT = datetime(2026, 11, 26, 5, tzinfo=UTC)


def test_every_dag_is_unpaused_before_anything_is_triggered() -> None:
    airflow = FakeAirflow([[]], known=[{DATA.dag_id}, {DATA.dag_id, ML.dag_id, "another"}])

    started = start(PLAN, MOMENT, cast("AirflowApi", airflow), Stop())

    assert airflow.done == [
        f"unpause {ML.dag_id}",
        f"unpause {DATA.dag_id}",
        f"trigger {DATA.dag_id} {MOMENT}",
    ]
    assert list(started) == ["east1"]


UPLOADED = replace(PLAN, data_pipelines=(replace(DATA, on_upload="raw/*.csv"),))


def test_a_run_that_an_upload_starts_is_waited_for() -> None:
    known = [{DATA.dag_id, ML.dag_id}]
    airflow = FakeAirflow([[], [DATA_RUN["running"]]], known=known)

    started = start(UPLOADED, MOMENT, cast("AirflowApi", airflow), Stop())

    assert started == {"east1": DATA_RUN["running"]}
    assert airflow.done == [f"unpause {ML.dag_id}", f"unpause {DATA.dag_id}"]


def test_an_upload_that_starts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    known = [{DATA.dag_id, ML.dag_id}]
    monkeypatch.setattr(following, "KNOWN_SECONDS", 0.05)
    airflow = FakeAirflow([[]], known=known)

    with pytest.raises(RunError, match=f"started no run of {DATA.dag_id}"):
        start(UPLOADED, MOMENT, cast("AirflowApi", airflow), Stop())


def test_a_dag_that_airflow_never_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "KNOWN_SECONDS", 0.0)
    airflow = FakeAirflow([[]], known=[{DATA.dag_id}])

    with pytest.raises(RunError, match=f"doesn't know {ML.dag_id}: some_dag.py: SyntaxError"):
        start(PLAN, MOMENT, cast("AirflowApi", airflow), Stop())
    assert airflow.done == []


def test_the_run_that_the_data_run_starts_is_waited_for() -> None:
    airflow = FakeAirflow(
        [
            [DATA_RUN["running"]],
            [DATA_RUN["success"]],
            [DATA_RUN["success"], ML_RUN["running"]],
            [DATA_RUN["success"], ML_RUN["success"]],
        ]
    )

    flow = followed(airflow)

    assert flow.data_runs == {"east1": DATA_RUN["success"]}
    assert flow.ml_runs == {("west2", "east1"): ML_RUN["success"]}


def test_of_several_sources_each_run_is_followed_and_one_trains() -> None:
    waiting, trained = (dag_run(ML.dag_id, f"{RUN}_{by}", "success") for by in ("east1", "east2"))
    other = dag_run("data_east2", "manual", "success")
    tasks = (task(waiting, "choose_run", "skipped"), task(trained, "choose_run", "success"))
    plan = replace(
        PLAN,
        data_pipelines=(DATA, replace(DATA, name="east2")),
        ml_pipelines=(replace(ML, data_pipelines=("east1", "east2")),),
    )
    airflow = FakeAirflow([[DATA_RUN["success"], other, waiting, trained]], list(tasks))
    started = {"east1": DATA_RUN["running"], "east2": other}

    flow = follow(plan, started, cast("AirflowApi", airflow), Progress(lambda _: None), Stop())

    assert list(flow.ml_runs) == [("west2", "east1"), ("west2", "east2")]
    assert flow.trainings("west2") == [trained]


def test_a_failed_data_run_starts_nothing_to_wait_for() -> None:
    flow = followed(FakeAirflow([[DATA_RUN["running"]], [DATA_RUN["failed"]]]))

    assert flow.data_runs["east1"].state == "failed"
    assert flow.ml_runs == {}


def test_runs_and_tasks_of_others_are_left_out() -> None:
    foreign = dag_run(ML.dag_id, "manual__by_a_user", "running")
    airflow = FakeAirflow(
        [[DATA_RUN["success"], ML_RUN["success"], foreign]],
        all_tasks=[task(foreign, "train", "running"), task(ML_RUN["success"], "train", "success")],
    )

    flow = followed(airflow)

    assert [found.key.run_id for found in flow.tasks] == [ML_RUN["success"].run_id]
    assert [run.run_id for run in flow.runs] == ["manual", ML_RUN["success"].run_id]


def test_every_change_of_a_task_is_one_line_and_phases_end() -> None:
    run = DATA_RUN["failed"]
    lines: list[str] = []
    airflow = FakeAirflow(
        [[DATA_RUN["running"]], [DATA_RUN["running"]], [run]],
        all_tasks=[task(run, "one", "success"), task(run, "two", "waiting")],
    )

    followed(airflow, lines)

    said = [line.split("s  ", 1)[1] for line in lines]
    assert said == ["data processing: started", f"{DATA.dag_id} one: success"]


def test_failed_tasks_come_in_the_order_of_their_failure() -> None:
    run = DATA_RUN["failed"]
    tasks = [
        task(run, "later", "failed", second=5),
        task(run, "first", "failed", second=1),
        task(run, "third", "upstream_failed", second=6),
    ]

    flow = followed(FakeAirflow([[run]], all_tasks=tasks))

    assert [found.key.task_id for found in flow.failed_tasks] == ["first", "later"]


def test_airflow_may_fail_to_answer_a_few_times() -> None:
    flow = followed(FakeAirflow([[DATA_RUN["failed"]]], failures=3))

    assert flow.data_runs["east1"].state == "failed"


def test_but_not_for_ever() -> None:
    with pytest.raises(RunError, match="the database is locked"):
        followed(FakeAirflow([[DATA_RUN["failed"]]], failures=1000))


@pytest.fixture
def a_minute_per_look(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = count(step=60)
    monkeypatch.setattr(following, "time", SimpleNamespace(monotonic=lambda: next(seconds)))


@pytest.mark.usefixtures("a_minute_per_look")
@pytest.mark.parametrize(("state", "minutes"), [("queued", 15), ("running", 15), ("deferred", 75)])
def test_a_flow_in_which_nothing_changes_fails(state: str, minutes: int) -> None:
    run = DATA_RUN["running"]
    airflow = FakeAirflow([[run]], all_tasks=[task(run, "one", state)])
    message = rf"nothing has changed for {minutes} minutes: {DATA.dag_id} one \({state}\)"

    with pytest.raises(RunError, match=message):
        followed(airflow)


@pytest.mark.usefixtures("a_minute_per_look")
def test_a_job_may_take_what_the_topology_allows() -> None:
    run = DATA_RUN["running"]
    looks = [[run]] * 70
    airflow = FakeAirflow(
        [*looks, [DATA_RUN["failed"]]], all_tasks=[task(run, "raw_to_transform", "deferred")]
    )

    assert followed(airflow).data_runs["east1"].state == "failed"


def test_a_stop_ends_the_following() -> None:
    stop = Stop()
    stop.request()
    api = cast("AirflowApi", FakeAirflow([[DATA_RUN["running"]]]))

    with pytest.raises(StoppedError):
        follow(PLAN, {"east1": DATA_RUN["running"]}, api, Progress(lambda _: None), stop)
