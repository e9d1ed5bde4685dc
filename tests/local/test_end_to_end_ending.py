"""However a run ends, nothing of it is left running."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.run.leftovers import running_gateway
from local.run.run_directory import CHECKOUT, RunDirectory
from tests.local.kept_run import LIMIT_SECONDS, start, wait_for
from tests.local.listening_sockets import processes_of, sessions_below

pytestmark = pytest.mark.end_to_end


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Path]:
    """A working directory in which nothing runs when the test is over."""
    path = tmp_path / "local run"
    path.mkdir()
    yield path
    start("stop", "--directory", path, output=path / "output.txt").wait(LIMIT_SECONDS)


def airflow_starting(directory: Path) -> set[int] | None:
    """The sessions of the run, once all of Airflow's four processes are among them."""
    try:
        children = json.loads((directory / "aws" / "processes.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return sessions_below(directory) if len(children) >= 4 else None


def begun(directory: Path) -> tuple[subprocess.Popen[bytes], set[int]]:
    """A run in the middle of its deployment, and its sessions."""
    run = start("run", "--directory", directory, output=directory / "output.txt")

    def at_work() -> set[int] | None:
        assert run.poll() is None, (directory / "output.txt").read_text(encoding="utf-8")
        return airflow_starting(directory)

    return run, wait_for("the start of Airflow", at_work)


def test_an_interrupted_run_ends_everything(directory: Path) -> None:
    run, sessions = begun(directory)

    run.send_signal(signal.SIGINT)

    assert run.wait(LIMIT_SECONDS) == 130
    assert processes_of(sessions) == set()
    output = (directory / "output.txt").read_text(encoding="utf-8")
    assert "interrupted" in output
    assert "Traceback" not in output


@pytest.mark.verification
def test_a_killed_run_is_ended_by_the_next_call(directory: Path) -> None:
    run, sessions = begun(directory)
    run.kill()
    run.wait(LIMIT_SECONDS)
    assert processes_of(sessions)

    assert start("stop", "--directory", directory, output=directory / "output.txt").wait() == 0

    assert processes_of(sessions) == set()


@pytest.mark.verification
def test_a_run_at_work_is_not_disturbed_but_can_be_stopped(directory: Path) -> None:
    run = start("run", "--directory", directory, output=directory / "output.txt")
    gateway = wait_for("the gateway", lambda: running_gateway(RunDirectory(directory)))
    second = directory / "second.txt"

    assert start("run", "--directory", directory, output=second).wait(LIMIT_SECONDS) == 2
    assert f"another local run is using {directory} (process {run.pid})" in second.read_text()
    assert processes_of({gateway})

    assert start("stop", "--directory", directory, output=second).wait(LIMIT_SECONDS) == 0
    assert run.wait(LIMIT_SECONDS) == 143
    assert processes_of({gateway}) == set()


@pytest.mark.verification
def test_a_run_without_a_reader_ends_everything(directory: Path) -> None:
    """A terminal that is closed: what reads the run's output goes, too."""
    reader, writer = os.pipe()
    run = subprocess.Popen(
        [sys.executable, "-m", "local", "run", "--directory", directory],
        cwd=CHECKOUT,
        stdin=subprocess.DEVNULL,
        stdout=writer,
        stderr=writer,
    )
    os.close(writer)
    gateway = wait_for("the gateway", lambda: running_gateway(RunDirectory(directory)))
    os.close(reader)

    run.send_signal(signal.SIGHUP)

    assert run.wait(LIMIT_SECONDS) == 129
    assert processes_of({gateway}) == set()
