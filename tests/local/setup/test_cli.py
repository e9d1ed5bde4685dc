"""The command line of the set-up: what it understands, and how it says no."""

from __future__ import annotations

import ast
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import pytest

from local import bootstrap
from local.setup import cli
from local.setup.cli import Request, Setup, main, parse
from local.setup.interpreters import NoInterpreter
from local.setup.problem import SetupProblem


@pytest.fixture(autouse=True)
def same_signals() -> Iterator[None]:
    """`main` takes SIGTERM over for the rest of its process."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("main", Request()),
        ("spark main", Request(spark=True)),
        ("airflow 3.2.1", Request(airflow=["3.2.1"])),
        ("airflow 3.2.1 3.0.6 spark", Request(spark=True, airflow=["3.2.1", "3.0.6"])),
        (
            "main spark airflow 3.2.1 --if-possible airflow 3.0.6 3.3.1",
            Request(spark=True, airflow=["3.2.1"], if_possible=["3.0.6", "3.3.1"]),
        ),
    ],
)
def test_what_is_asked_for(line: str, expected: Request) -> None:
    assert parse(line.split()) == expected


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("everything", "everything"),
        ("3.2.1", "3.2.1"),
        ("airflow 3.2.1 main 3.0.6", "3.0.6"),
        ("airflow latest", "latest"),
        ("airflow 3.2.1 --if-possible 3.0.6", "3.0.6"),
    ],
)
def test_any_other_word_is_named_with_the_usage(line: str, word: str) -> None:
    with pytest.raises(SetupProblem, match=f"`{word}` is not understood") as problem:
        parse(line.split())
    assert cli.USAGE in str(problem.value)


def test_nothing_asked_for_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 1
    said = capsys.readouterr().err
    assert said.startswith("setup: Say what to make.")
    assert cli.USAGE in said


def test_an_interruption_has_its_own_status(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: Setup) -> None:
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(Setup, "run", interrupted)
    assert main(["main"]) == 130
    assert "the next call makes anew what is unfinished" in capsys.readouterr().err


class Part:
    """An environment that only notes what is done with it."""

    made: ClassVar[list[str]] = []
    finished: ClassVar[set[str]] = set()
    problems: ClassVar[dict[str, Exception]] = {}

    def __init__(self, name: str = "main") -> None:
        self.name = name

    def ready(self) -> bool:
        return self.name in self.finished

    def prepare(self) -> None:
        if self.name in self.problems:
            raise self.problems[self.name]

    def install(self) -> None:
        self.made.append(self.name)


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> type[Part]:
    for name, empty in (("made", []), ("finished", set()), ("problems", {})):
        monkeypatch.setattr(Part, name, empty)
    for name in ("MainEnvironment", "AirflowEnvironment"):
        monkeypatch.setattr(cli, name, Part)
    monkeypatch.setattr(cli, "SparkJars", lambda: Part("jars"))
    monkeypatch.setattr("local.setup.processes.STATE", tmp_path)
    return Part


ALL = ["main", "spark", "airflow", "3.2.1", "--if-possible", "airflow", "3.0.6"]


def test_only_what_is_not_ready_is_made(parts: type[Part]) -> None:
    parts.finished |= {"main", "3.2.1"}
    assert main(ALL) == 0
    assert sorted(parts.made) == ["3.0.6", "jars"]


def test_where_everything_is_ready_nobody_waits_for_the_lock(
    parts: type[Part], tmp_path: Path
) -> None:
    parts.finished |= {"main", "jars", "3.2.1", "3.0.6"}
    assert main(ALL) == 0
    assert parts.made == []
    assert list(tmp_path.iterdir()) == []


def test_what_another_set_up_made_meanwhile_is_not_made_again(
    parts: type[Part], monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def waited() -> Iterator[None]:
        parts.finished |= {"main", "jars", "3.2.1", "3.0.6"}
        yield

    monkeypatch.setattr(cli, "exclusive", waited)
    assert main(ALL) == 0
    assert parts.made == []


def test_every_problem_is_told_and_the_rest_is_made(
    parts: type[Part], capsys: pytest.CaptureFixture[str]
) -> None:
    parts.problems |= {name: SetupProblem(f"{name} is no good.") for name in ("3.2.1", "3.0.6")}
    assert main(ALL) == 1
    assert capsys.readouterr().err == "setup: 3.2.1 is no good.\nsetup: 3.0.6 is no good.\n"
    assert sorted(parts.made) == ["jars", "main"]


def test_what_is_no_problem_of_the_set_up_comes_out_as_itself(parts: type[Part]) -> None:
    parts.problems |= {"3.2.1": SetupProblem("3.2.1 is no good."), "3.0.6": KeyError("a bug")}
    with pytest.raises(KeyError, match="a bug"):
        main(ALL)
    assert sorted(parts.made) == ["jars", "main"]


def test_a_version_that_no_python_runs_is_left_out_only_if_it_may(
    parts: type[Part], capsys: pytest.CaptureFixture[str]
) -> None:
    parts.problems["3.0.6"] = NoInterpreter("No Python.")
    assert main(ALL) == 0
    assert "setup: left out: No Python." in capsys.readouterr().out
    assert main(["airflow", "3.0.6"]) == 1


def test_an_old_python_is_refused_in_a_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 12))
    assert bootstrap.main() == 1
    assert "needs 3.11 or later" in capsys.readouterr().err


def test_an_old_python_can_read_the_refusal() -> None:
    assert bootstrap.__file__ is not None
    text = Path(bootstrap.__file__).read_text(encoding="utf-8")
    assert ast.parse(text, feature_version=(3, 7)).body
