"""`run`, `unpause`: what they start, what they print, how they end."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from operate.application import application
from operate.errors import OperateError, UsageError
from tests.operate.answers import RUN, FakeAirflow, FakeConnection, dag_run_row, task_row

DATA, ML = "data_east1", "ml_west2"
RUN_OF_ML: Any = {"conf": {"run": RUN}}
GOOD = [
    [dag_run_row(DATA, "running")],
    [dag_run_row(DATA, "success")],
    [dag_run_row(DATA, "success"), dag_run_row(ML, "running", **RUN_OF_ML)],
    [dag_run_row(DATA, "success"), dag_run_row(ML, "success", **RUN_OF_ML)],
]


@pytest.fixture
def invoke(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs a command against an Airflow, without waiting."""

    def run(airflow: FakeAirflow, *arguments: str) -> Result:
        def explained(_connection: Any, pipeline: str, run: str) -> dict[str, Any]:
            return {"pipeline": pipeline, "run": run}

        for command in ("run", "train", "unpause"):
            module = f"operate.commands.{command}"
            monkeypatch.setattr(f"{module}.connect", lambda *_, **__: FakeConnection(airflow))
        module = "operate.started_run"
        monkeypatch.setattr(f"{module}.explained", explained)
        monkeypatch.setattr(f"{module}.print_explanation", lambda to, found: to.print(found))
        monkeypatch.setattr("operate.commands.train.has_data", lambda *given: given[-1] == RUN)
        monkeypatch.setattr("time.sleep", lambda _: None)
        return CliRunner().invoke(application, list(arguments))

    return run


def test_a_run_is_followed_to_the_models(invoke: Any) -> None:
    airflow = FakeAirflow(list(GOOD), [task_row(DATA, "raw_to_transform", "success")])

    result = invoke(airflow, "run", "--pipeline", "east1")

    assert result.exit_code == 0
    assert airflow.done == [f"trigger {DATA}"]
    for change in (
        f"{DATA} {RUN}: running",
        f"{DATA} raw_to_transform: success",
        f"{DATA} {RUN}: success",
        f"{ML} {RUN}: running",
        f"{ML} {RUN}: success",
    ):
        assert result.stdout.count(change) == 1


@pytest.mark.parametrize(
    "moments",
    [
        [[dag_run_row(DATA, "failed")]],
        [[dag_run_row(DATA, "success"), dag_run_row(ML, "failed", **RUN_OF_ML)]],
    ],
)
def test_a_failed_run_ends_with_a_failure(invoke: Any, moments: list[Any]) -> None:
    assert invoke(FakeAirflow(moments), "run", "-p", "east1").exit_code == 1


def test_json_alone_goes_to_the_standard_output(invoke: Any) -> None:
    result = invoke(FakeAirflow(list(GOOD)), "run", "-p", "east1", "--json")

    assert json.loads(result.stdout)["pipeline"] == "east1"
    assert f"{ML} {RUN}: success" in result.stderr


def test_ctrl_c_stops_following_and_says_so(invoke: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("operate.started_run.followed", interrupted)

    result = invoke(FakeAirflow(list(GOOD)), "run", "-p", "east1")

    assert result.exit_code == 130
    assert "goes on" in result.stdout
    assert "python -m operate explain" in result.stdout


def test_a_run_that_would_wait_for_a_paused_dag_is_not_started(invoke: Any) -> None:
    airflow = FakeAirflow(list(GOOD), paused={ML})

    result = invoke(airflow, "run", "-p", "east1")

    assert isinstance(result.exception, OperateError)
    assert str(result.exception) == "paused: west2; call `python -m operate unpause west2`"
    assert airflow.done == []


def test_an_ml_pipeline_is_unpaused_before_its_source(invoke: Any) -> None:
    airflow = FakeAirflow([])

    assert invoke(airflow, "unpause").exit_code == 0
    assert airflow.done == [f"unpause {ML}", f"unpause {DATA}"]


def test_an_unknown_pipeline_is_named_with_the_known_ones(invoke: Any) -> None:
    airflow = FakeAirflow([])

    result = invoke(airflow, "unpause", "east1", "nowhere")

    assert isinstance(result.exception, UsageError)
    assert "'nowhere'" in str(result.exception)
    assert "east1, west2" in str(result.exception)
    assert airflow.done == []


@pytest.mark.parametrize(("state", "status"), [("success", 0), ("failed", 1)])
def test_a_training_with_other_hyperparameters_is_followed(
    invoke: Any, state: str, status: int
) -> None:
    moments = [[dag_run_row(ML, "running", **RUN_OF_ML)], [dag_run_row(ML, state, **RUN_OF_ML)]]
    airflow = FakeAirflow(moments, followed=ML)

    result = invoke(airflow, "train", "west2", "--run", RUN, "--set", "eta=0.1", "--set", "x=a=b")

    assert result.exit_code == status
    conf = {"run": RUN, "hyperparameters": {"eta": "0.1", "x": "a=b"}}
    assert airflow.done == [f"trigger {ML} {conf}"]
    assert f"{ML} {RUN}: {state}" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("west2", "--run", RUN, "--set", "eta"), "--set eta: expected NAME=VALUE"),
        (("west2", "--run", "20250101T000000000000"), "west2 has no data of a run '2025"),
        (("east1", "--run", RUN), "no ML pipeline 'east1'"),
    ],
)
def test_a_training_that_cannot_be_is_not_started(
    invoke: Any, arguments: tuple[str, ...], sentence: str
) -> None:
    airflow = FakeAirflow([])

    result = invoke(airflow, "train", *arguments)

    assert isinstance(result.exception, UsageError)
    assert sentence in str(result.exception)
    assert airflow.done == []
