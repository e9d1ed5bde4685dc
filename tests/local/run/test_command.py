"""What goes wrong before anything is started: a sentence and the exit status 2."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from local.run import command
from local.run.command import main
from local.run.errors import RunError
from local.run.leftovers import record_gateway
from local.run.lock import locked
from local.run.options import Options
from local.run.preparation import Prepared, prepare
from local.run.run_directory import RunDirectory

STACK = """\
config:
  unified-pipelines:topology:
    accounts: {one: {id: "111111111111"}}
    hub: {account: one, region: us-east-1%s}
    data_pipelines: {a: {account: one, region: us-east-1}}
    ml_pipelines: {}
"""


@pytest.fixture(autouse=True)
def untouched_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("STACK", "DATA", "KEEP"):
        monkeypatch.delenv(name, raising=False)


def stack_file(folder: Path, hub: str) -> str:
    path = folder / "my stack.yaml"
    path.write_text(STACK % hub)
    return str(path)


def test_an_unknown_stack(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--stack", "nosuch", "--directory", str(tmp_path)]) == 2
    assert "there is no stack nosuch: there are dev, local, prod" in capfd.readouterr().err


def test_a_wrong_topology_with_all_its_errors(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    stack = stack_file(tmp_path, hub=", environment: {max_workers: 0, schedulers: 9}")

    assert main(["run", "--stack", stack, "--directory", str(tmp_path / "run")]) == 2

    said = capfd.readouterr().err
    assert "\n  hub.environment.max_workers: 0 " in said
    assert "\n  hub.environment.schedulers: 9 " in said
    assert not (tmp_path / "run").exists()


def test_a_file_for_another_key_than_a_data_pipeline(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    stack = stack_file(tmp_path, hub="")
    wish = ["run", "--stack", stack, "--directory", str(tmp_path / "run")]

    assert main([*wish, "--data", f"one={stack}"]) == 2

    said = capfd.readouterr().err
    assert "DATA: the stack has no data pipeline one: expected names of a\n" in said


def test_a_topology_that_is_a_string(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    stack = stack_file(tmp_path, hub="")
    text = Path(stack).read_text(encoding="utf-8")
    Path(stack).write_text(text.replace("topology:", "topology: |"), encoding="utf-8")

    assert main(["run", "--stack", stack, "--directory", str(tmp_path / "run")]) == 2

    assert "\n  topology: " in capfd.readouterr().err


def test_a_stack_that_no_name_can_be_made_of(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    stack = tmp_path / "Pulumi..yaml"
    stack.write_text(STACK % "", encoding="utf-8")

    assert main(["run", "--stack", str(stack), "--directory", str(tmp_path / "run")]) == 2
    assert (
        "stack '': expected a name with a letter or a digit; rename the stack"
        in capfd.readouterr().err
    )


def test_an_airflow_that_is_not_for_this_machine(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    stack = stack_file(tmp_path, hub=', environment: {airflow_version: "3.9.9"}')

    assert main(["run", "--stack", stack, "--directory", str(tmp_path / "run")]) == 2

    said = capfd.readouterr().err
    assert "hub.environment.airflow_version: 3.9.9 can't run locally, which has 3.0.6" in said


def test_a_stack_without_topology(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    stack = tmp_path / "empty.yaml"
    stack.write_text("config: {}\n")

    assert main(["run", "--stack", str(stack), "--directory", str(tmp_path / "run")]) == 2
    assert "no `unified-pipelines:topology`" in capfd.readouterr().err


def test_data_that_is_not_there(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    data = str(tmp_path / "nosuch.csv")

    assert main(["run", "--data", data, "--directory", str(tmp_path)]) == 2
    assert f"there is no file {data}" in capfd.readouterr().err


def test_a_second_run_of_a_directory(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with locked(RunDirectory(tmp_path)):
        assert main(["run", "--directory", str(tmp_path)]) == 2

    assert f"another local run is using {tmp_path} (process " in capfd.readouterr().err


def test_nothing_to_stop(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["stop", "--directory", str(tmp_path)]) == 0
    assert "no local run was left running" in capfd.readouterr().out


def test_an_interruption_while_the_stack_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def interrupted(options: Options) -> Prepared:
        os.kill(os.getpid(), signal.SIGINT)
        return prepare(options)

    monkeypatch.setattr(command, "prepare", interrupted)

    assert main(["run", "--directory", str(tmp_path)]) == 130
    assert capfd.readouterr().err == "interrupted: ending everything\n"


def test_a_kept_run_that_failed_says_what_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    run_directory = RunDirectory(tmp_path)
    gateway = subprocess.Popen(["sleep", "600"], start_new_session=True)

    def fail(*_: object) -> int:
        record_gateway(run_directory, gateway.pid, "http://127.0.0.1:1")
        raise RunError("the deployment failed")

    monkeypatch.setattr(command, "_attempt", fail)

    assert main(["run", "--keep", "--directory", str(tmp_path)]) == 1
    said = capfd.readouterr().out
    assert "The embedded AWS keeps running, with what was deployed: http://127.0.0.1:1" in said
    assert "make stop" in said
    assert gateway.poll() is None

    assert main(["stop", "--directory", str(tmp_path)]) == 0
    assert gateway.wait(60) is not None
