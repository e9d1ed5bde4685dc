"""The environment's own state: AWS at work, and DAGs that an update has paused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from operate.airflow_api import AirflowError
from operate.application import application
from operate.errors import UsageError
from tests.operate.answers import FakeConnection


@dataclass
class UpdatedAirflow:
    """An Airflow whose environment is in `status`; without `answers`, nothing else is known."""

    status: str = "AVAILABLE"
    answers: bool = True
    recorded: list[str] = field(default_factory=list)

    def environment_status(self) -> str:
        return self.status

    def is_paused(self, _dag_id: str) -> bool:
        if not self.answers:
            raise AirflowError("no answer", 502)
        return True

    def last_dag_runs(self, _dag_id: str, _number: int) -> list[Any]:
        return []

    def import_errors(self) -> list[str]:
        return []

    def paused_for_update(self) -> list[str]:
        return self.recorded

    def unpause_after_update(self) -> list[str]:
        done, self.recorded = self.recorded, []
        return done


@pytest.fixture
def invoke(monkeypatch: pytest.MonkeyPatch) -> Any:
    def run(airflow: UpdatedAirflow, *arguments: str) -> Result:
        connection = FakeConnection(airflow)
        for command in ("status", "unpause"):
            monkeypatch.setattr(f"operate.commands.{command}.connect", lambda *_, **__: connection)
        monkeypatch.setattr("operate.commands.status.uploads", lambda _: None)
        monkeypatch.setattr("operate.commands.status.alarms", lambda _: [])
        return CliRunner().invoke(application, arguments)

    return run


def test_what_an_interrupted_update_has_paused_is_told_and_ended(invoke: Any) -> None:
    airflow = UpdatedAirflow(recorded=["data_east1"])

    told = invoke(airflow, "status").stdout
    restored = invoke(airflow, "unpause", "--restore").stdout

    assert "paused for an update: data_east1" in told
    assert "unpause --restore" in told
    assert "unpaused: data_east1" in restored
    assert "paused for an update" not in invoke(airflow, "status").stdout


def test_aws_is_at_work_though_the_deployment_failed(invoke: Any) -> None:
    told = invoke(UpdatedAirflow("ROLLING_BACK", answers=False), "status").stdout

    assert "returns to the settings before it" in told
    assert "doesn't answer: no answer" in told


def test_an_available_environment_whose_airflow_is_silent_is_an_error(invoke: Any) -> None:
    assert isinstance(invoke(UpdatedAirflow(answers=False), "status").exception, AirflowError)


def test_restore_names_no_pipeline(invoke: Any) -> None:
    found = invoke(UpdatedAirflow(), "unpause", "east1", "--restore")
    assert isinstance(found.exception, UsageError)
