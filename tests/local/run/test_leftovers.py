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
from local.run.places import Places

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
def places(tmp_path: Path) -> Places:
    found = Places(tmp_path)
    found.aws.mkdir()
    return found


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(SLEEP, start_new_session=True)
    yield process
    process.kill()
    process.wait()


def test_nothing_was_left(places: Places) -> None:
    assert running_gateway(places) is None
    assert end_leftovers(places) is False


def test_the_recorded_process_is_ended(places: Places, sleeper: subprocess.Popen[bytes]) -> None:
    record_gateway(places, sleeper.pid, ENDPOINT)
    assert running_gateway(places) == sleeper.pid
    assert running_endpoint(places) == ENDPOINT

    assert end_leftovers(places) is True

    assert sleeper.wait(60) is not None
    assert running_gateway(places) is None
    assert running_endpoint(places) is None
    assert not places.processes.exists()


def test_a_reused_process_id_is_somebody_elses(
    places: Places, sleeper: subprocess.Popen[bytes]
) -> None:
    record_gateway(places, sleeper.pid, ENDPOINT)
    row = json.loads(places.processes.read_text())
    places.processes.write_text(json.dumps({**row, "started_at": row["started_at"] - 60}))

    assert end_leftovers(places) is False
    assert sleeper.poll() is None


def test_one_that_does_not_listen_is_killed(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.run.leftovers.GRACE_SECONDS", 0.2)
    process = subprocess.Popen(DEAF, start_new_session=True, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"deaf\n"
        record_gateway(places, process.pid, ENDPOINT)

        assert end_leftovers(places) is True

        assert process.wait(60) is not None
    finally:
        process.kill()
        process.communicate()


def test_the_gateways_own_children_are_ended_too(
    places: Places, sleeper: subprocess.Popen[bytes]
) -> None:
    """A gateway that was killed leaves its record of Airflow's processes."""
    record_gateway(places, sleeper.pid, ENDPOINT)
    row = json.loads(places.processes.read_text())
    places.processes.unlink()
    places.aws_processes.write_text(json.dumps([{"name": "airflow", **row}]))

    assert end_leftovers(places) is True
    assert sleeper.wait(60) is not None
