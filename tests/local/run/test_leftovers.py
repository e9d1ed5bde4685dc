"""Ending what an earlier run left, and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.run.leftovers import (
    end_leftovers,
    record_gateway,
    running_endpoint,
    running_gateway,
)
from local.run.run_directory import RunDirectory

ENDPOINT = "http://127.0.0.1:1"
SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
_DEAF = """\
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(600)
"""
DEAF = [sys.executable, "-c", _DEAF]


@pytest.fixture
def run_directory(tmp_path: Path) -> RunDirectory:
    found = RunDirectory(tmp_path)
    found.aws.mkdir()
    return found


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(SLEEP, start_new_session=True)
    yield process
    process.kill()
    process.wait()


def test_nothing_was_left(run_directory: RunDirectory) -> None:
    assert running_gateway(run_directory) is None
    assert end_leftovers(run_directory) is False


def test_the_recorded_process_is_ended(
    run_directory: RunDirectory, sleeper: subprocess.Popen[bytes]
) -> None:
    record_gateway(run_directory, sleeper.pid, ENDPOINT)
    assert running_gateway(run_directory) == sleeper.pid
    assert running_endpoint(run_directory) == ENDPOINT

    assert end_leftovers(run_directory) is True

    assert sleeper.wait(60) is not None
    assert running_gateway(run_directory) is None
    assert running_endpoint(run_directory) is None
    assert not run_directory.processes.exists()


def test_a_reused_process_id_is_left_alone(
    run_directory: RunDirectory, sleeper: subprocess.Popen[bytes]
) -> None:
    record_gateway(run_directory, sleeper.pid, ENDPOINT)
    row = json.loads(run_directory.processes.read_text())
    run_directory.processes.write_text(json.dumps({**row, "started_at": row["started_at"] - 60}))

    assert end_leftovers(run_directory) is False
    assert sleeper.poll() is None


def test_one_that_does_not_listen_is_killed(
    run_directory: RunDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.run.leftovers.GRACE_SECONDS", 0.2)
    process = subprocess.Popen(DEAF, start_new_session=True, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"deaf\n"
        record_gateway(run_directory, process.pid, ENDPOINT)

        assert end_leftovers(run_directory) is True

        assert process.wait(60) is not None
    finally:
        process.kill()
        process.communicate()


def test_the_gateways_own_children_are_ended_too(
    run_directory: RunDirectory, sleeper: subprocess.Popen[bytes]
) -> None:
    """A gateway that was killed leaves its record of Airflow's processes."""
    record_gateway(run_directory, sleeper.pid, ENDPOINT)
    row = json.loads(run_directory.processes.read_text())
    run_directory.processes.unlink()
    run_directory.aws_processes.write_text(json.dumps([{"name": "airflow", **row}]))

    assert end_leftovers(run_directory) is True
    assert sleeper.wait(60) is not None
