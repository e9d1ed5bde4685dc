"""What the set-up's own programs get from its surroundings, and what is told of a failure."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from local.setup import processes
from local.setup.problem import SetupProblem
from local.setup.processes import exclusive, run, stop_all

ENVIRONMENT = "import os; print(*sorted(os.environ), sep='\\n')"
FAILURE = "for number in range(40): print('line', number)\nraise SystemExit(3)"


def test_what_it_printed_is_returned() -> None:
    assert run([sys.executable, "-c", "print('done')"], what="Printing") == "done\n"


def test_a_caller_s_environment_stays_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.setenv(name, "/nonexistent")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example")
    names = set(run([sys.executable, "-c", ENVIRONMENT], what="Listing").split())
    assert names.isdisjoint({"PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "CONDA_PREFIX"})
    assert {"HTTPS_PROXY", "PATH"} <= names


def test_a_failure_has_what_failed_a_hint_and_the_last_words() -> None:
    with pytest.raises(SetupProblem) as problem:
        run([sys.executable, "-c", FAILURE], what="Counting", hint="Count better. It said:")
    first, *lines = str(problem.value).splitlines()
    assert first == "Counting failed with status 3. Count better. It said:"
    assert [line.strip() for line in lines] == [f"line {number}" for number in range(15, 40)]


def test_once_stopped_nothing_is_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_stopped", threading.Event())
    stop_all()
    with pytest.raises(SetupProblem, match="Printing was not begun"):
        run([sys.executable, "-c", ""], what="Printing")


def test_a_second_set_up_waits_for_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(processes, "STATE", tmp_path / "state")
    said_so, order = threading.Event(), []
    monkeypatch.setattr("builtins.print", lambda *_, **__: said_so.set())

    def second() -> None:
        with exclusive():
            order.append("second")

    waiting = threading.Thread(target=second)
    with exclusive():
        waiting.start()
        assert said_so.wait(60)
        order.append("first")
    waiting.join(60)
    assert order == ["first", "second"]
