"""What of an installation is made, and what becomes of its problems."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from local.setup import installing
from local.setup.environments import NoInterpreter
from local.setup.installing import Installation
from local.setup.problem import SetupProblem


class Part:
    """An environment, or the jars, that only notes what is done with it."""

    def __init__(self, name: str, made: list[str]) -> None:
        self.name = name
        self.made = made
        self.finished = False
        self.problem: Exception | None = None
        self.terminated = False

    def ready(self) -> bool:
        return self.finished

    async def prepare(self) -> None:
        if self.problem:
            raise self.problem

    async def install(self) -> None:
        if self.terminated:
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.sleep(60)
        self.made.append(self.name)


class Machine:
    """An installation of four parts, the last of which may be left out."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.main = Part("main", self.made)
        self.jars = Part("jars", self.made)
        self.airflow = Part("3.3.1", self.made)
        self.optional = Part("3.0.6", self.made)

    def finish(self, *parts: Part) -> None:
        for part in parts or (self.main, self.jars, self.airflow, self.optional):
            part.finished = True

    def make(self) -> None:
        parts: dict[str, Any] = {
            "main": self.main,
            "jars": self.jars,
            "airflows": (self.airflow,),
            "optional_airflows": (self.optional,),
        }
        Installation(**parts).make()


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Machine:
    monkeypatch.setattr("local.setup.processes.STATE", tmp_path)
    return Machine()


def test_only_what_is_not_ready_is_made(machine: Machine) -> None:
    machine.finish(machine.main, machine.airflow)
    machine.make()
    assert sorted(machine.made) == ["3.0.6", "jars"]


def test_the_jars_come_after_what_fetches_them(machine: Machine) -> None:
    machine.make()
    assert sorted(machine.made) == ["3.0.6", "3.3.1", "jars", "main"]
    assert machine.made.index("main") < machine.made.index("jars")


def test_where_everything_is_ready_no_lock_is_waited_for(machine: Machine, tmp_path: Path) -> None:
    machine.finish()
    machine.make()
    assert machine.made == []
    assert list(tmp_path.iterdir()) == []


def test_what_another_set_up_made_meanwhile_is_not_made_again(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def waited() -> Iterator[None]:
        machine.finish()
        yield

    monkeypatch.setattr(installing, "exclusive", waited)
    machine.make()
    assert machine.made == []


def test_every_problem_is_told_and_the_rest_is_made(machine: Machine) -> None:
    for part in (machine.airflow, machine.optional):
        part.problem = SetupProblem(f"{part.name} is no good.")
    with pytest.raises(SetupProblem) as problem:
        machine.make()
    assert str(problem.value) == "3.3.1 is no good.\nsetup: 3.0.6 is no good."
    assert machine.made == ["main", "jars"]


def test_what_is_no_problem_of_the_set_up_comes_out_as_itself(machine: Machine) -> None:
    machine.airflow.problem = SetupProblem("3.3.1 is no good.")
    machine.optional.problem = KeyError("a bug")
    with pytest.raises(KeyError, match="a bug"):
        machine.make()
    assert machine.made == ["main", "jars"]


def test_a_version_that_no_python_runs_is_left_out_only_if_it_may(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.optional.problem = NoInterpreter("No Python.")
    machine.make()
    assert "setup: left out: No Python." in capsys.readouterr().out

    machine.airflow.problem = NoInterpreter("No Python.")
    with pytest.raises(SetupProblem, match="No Python"):
        machine.make()


def test_a_terminated_one_is_interrupted(machine: Machine) -> None:
    machine.main.terminated = True
    with pytest.raises(KeyboardInterrupt):
        machine.make()
    assert "main" not in machine.made
