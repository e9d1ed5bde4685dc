"""The command line of the set-up: what is refused before anything is installed or started."""

from __future__ import annotations

import ast
import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from local import bootstrap, setup_command
from local.setup import prerequisites
from local.setup.installing import Installation
from local.setup.paths import ROOT
from local.setup.processes import base_interpreter
from local.setup_command import main


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Installation]:
    """The installations that were asked for; none is made."""
    asked: list[Installation] = []

    def make(installation: Installation) -> None:
        asked.append(installation)

    monkeypatch.setattr(Installation, "make", make)
    return asked


def names(installation: Installation) -> tuple[bool, list[str], list[str]]:
    return (
        installation.jars is not None,
        [airflow.name for airflow in installation.airflows],
        [airflow.name for airflow in installation.optional_airflows],
    )


def test_what_is_asked_for(made: list[Installation]) -> None:
    assert main(["install"]) == 0
    line = "install --spark --airflow 3.3.1 --if-possible 3.0.6 3.2.1"
    assert main(line.split()) == 0

    least, most = made
    assert names(least) == (False, [], [])
    assert names(most) == (True, ["Airflow 3.3.1"], ["Airflow 3.0.6", "Airflow 3.2.1"])


@pytest.mark.parametrize("line", ["", "everything", "install 3.3.1", "lock --spark"])
def test_anything_else_is_refused_with_the_usage(
    line: str, made: list[Installation], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(line.split())
    assert ended.value.code == 2
    assert "usage: python3 local/bootstrap.py" in capsys.readouterr().err
    assert made == []


def test_an_unknown_airflow_is_refused(
    made: list[Installation], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["install", "--airflow", "2.11.0"]) == 1
    assert "setup: Airflow 2.11.0 has no lock file here" in capsys.readouterr().err
    assert made == []


def test_an_interruption_has_its_own_status(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_: Installation) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Installation, "make", interrupted)
    assert main(["install"]) == 130
    said = capsys.readouterr().err
    assert said == "setup: interrupted; the next call makes again what is unfinished\n"


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("STACK", "prd", "there is no stack prd: there are dev, local, prod"),
        ("STACK", "missing.yaml", "there is no stack file missing.yaml"),
        ("DATA", "missing.csv", "missing.csv: give the path of a CSV with a header"),
        ("DATA", "nosuch=missing.csv", "the stack has no data pipeline nosuch"),
        ("KEEP", "maybe", "KEEP=maybe is not allowed"),
    ],
)
def test_a_run_that_can_not_work_is_refused_by_a_bare_python(
    variable: str, value: str, message: str
) -> None:
    # -I and -S leave nothing but the standard library.
    done = subprocess.run(
        [base_interpreter(), "-I", "-S", ROOT / "local" / "bootstrap.py", "check-run"],
        env={**os.environ, variable: value},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stderr.startswith("local run: ")


def test_a_run_that_can_work_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("STACK", "DATA", "KEEP"):
        monkeypatch.delenv(name, raising=False)
    assert main(["check-run"]) == 0


@pytest.mark.parametrize(
    ("command", "lacking", "message"),
    [
        ("check-run", "ensurepip", "apt install python3-venv"),
        ("install", "ensurepip", "apt install python3-venv"),
        ("lock", "sqlite3", "Airflow has no database"),
    ],
)
def test_a_python_that_lacks_a_module_is_refused(
    command: str,
    lacking: str,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(prerequisites, "find_spec", lambda name: name != lacking or None)
    monkeypatch.setattr(Installation, "make", pytest.fail)
    assert main([command]) == 1
    said = capsys.readouterr().err
    assert f"lacks {lacking}: " in said
    assert message in said


def test_another_system_is_refused(
    made: list[Installation], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(prerequisites, "SYSTEMS", ("another",))
    assert main(["install"]) == 1
    assert "the local run needs Linux or macOS" in capsys.readouterr().err
    assert made == []


def test_the_locks_are_written_once_uv_is_there(
    made: list[Installation], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    upgrades: list[bool] = []

    async def write_locks(*, upgrade: bool) -> None:
        assert made
        upgrades.append(upgrade)

    monkeypatch.setattr(setup_command, "write_locks", write_locks)
    monkeypatch.setattr("local.setup.processes.STATE", tmp_path)
    assert main(["lock"]) == 0
    assert main(["lock", "--upgrade"]) == 0
    assert upgrades == [False, True]


@pytest.mark.usefixtures("made")
def test_locking_is_interrupted_by_a_termination(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def write_locks(*, upgrade: bool) -> None:
        assert not upgrade
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(60)

    monkeypatch.setattr(setup_command, "write_locks", write_locks)
    monkeypatch.setattr("local.setup.processes.STATE", tmp_path)
    assert main(["lock"]) == 130


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
