"""No process outlives the gateway, however it ends."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import psutil
import pytest

from local.gateway.processes import Children, end_left_over, started_at
from tests.local.gateway import gateway_process
from tests.local.gateway.aws import Aws, allow, service_trust, wait_until

_SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]

_STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen([sys.executable, "-c", "import os, time; os.setpgid(0, 0); time.sleep(600)"])
print("deaf", flush=True)
time.sleep(600)
"""


@pytest.fixture
def children(tmp_path: Path) -> Children:
    return Children(tmp_path / "processes.json")


def _start(children: Children, folder: Path, *command: str) -> Any:
    return children.start(
        "child", command or _SLEEP, environment=os.environ, folder=folder, log=folder / "log"
    )


def _alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _in_session(leader: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-eo", "pid=,sess=,stat="], capture_output=True, text=True, check=True
    )
    rows = [line.split() for line in listed.stdout.splitlines()]
    return [int(row[0]) for row in rows if int(row[1]) == leader and row[2][0] != "Z"]


def test_only_the_user_may_read_what_the_gateway_writes(aws: Aws) -> None:
    # What is below a folder that others may not enter may have any mode: Spark sets its own.
    written = [path for path in aws.directory.iterdir() if path.name != "output"]
    assert written
    assert [path for path in written if path.stat().st_mode & 0o077] == []


def test_a_child_that_takes_too_long_is_ended(children: Children, tmp_path: Path) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        children.run(
            "child",
            _SLEEP,
            environment=os.environ,
            folder=tmp_path,
            log=tmp_path / "log",
            limit_seconds=0.1,
        )
    assert json.loads((tmp_path / "processes.json").read_text()) == []


def test_a_child_leads_a_group_and_is_recorded(children: Children, tmp_path: Path) -> None:
    child = _start(children, tmp_path)
    assert os.getpgid(child.pid) == child.pid
    rows = json.loads((tmp_path / "processes.json").read_text())
    assert rows == [{"name": "child", "pid": child.pid, "started_at": started_at(child.pid)}]
    children.stop(child)
    assert json.loads((tmp_path / "processes.json").read_text()) == []


def test_a_child_that_ignores_signals_goes_with_all_it_started(
    children: Children, tmp_path: Path
) -> None:
    child = _start(children, tmp_path, sys.executable, "-c", _STUBBORN)
    wait_until((tmp_path / "log").read_text, lambda text: "deaf" in text)
    wait_until(lambda: _in_session(child.pid), lambda pids: len(pids) == 2)
    children.stop(child, grace_seconds=0)
    wait_until(lambda: _in_session(child.pid), lambda pids: pids == [])


def test_none_is_started_once_it_is_closed(children: Children, tmp_path: Path) -> None:
    children.close()
    with pytest.raises(RuntimeError, match="child was not started"):
        _start(children, tmp_path)


def test_what_an_earlier_gateway_left_is_ended(children: Children, tmp_path: Path) -> None:
    child = _start(children, tmp_path)
    assert end_left_over(tmp_path / "processes.json") == ["child"]
    assert child.process.wait() == -signal.SIGKILL
    assert not (tmp_path / "processes.json").exists()


def test_a_reused_process_id_is_left_alone(children: Children, tmp_path: Path) -> None:
    child = _start(children, tmp_path)
    row = {"name": "child", "pid": child.pid, "started_at": 1.0}
    (tmp_path / "processes.json").write_text(json.dumps([row]))
    assert end_left_over(tmp_path / "processes.json") == []
    assert child.running()
    children.stop(child)


def _sleeping_job(aws: Aws) -> int:
    """The process id of a Glue job that sleeps."""
    bucket = aws.bucket()
    aws.client("s3").put_object(Bucket=bucket, Key="job.py", Body=b"import time; time.sleep(600)")
    trusted = service_trust("glue.amazonaws.com")
    role = aws.role("glue", allow("s3:GetObject", "*"), trusted=trusted)
    command = {"Name": "glueetl", "ScriptLocation": f"s3://{bucket}/job.py"}
    glue = aws.client("glue")
    glue.create_job(Name="sleeping", Role=role, Command=command)
    glue.start_job_run(JobName="sleeping")
    record = aws.directory / "processes.json"
    rows = wait_until(lambda: json.loads(record.read_text() if record.exists() else "[]"), bool)
    pid: int = rows[0]["pid"]
    return pid


@pytest.mark.verification
@pytest.mark.emulator
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_gateway_and_its_children(tmp_path: Path, number: signal.Signals) -> None:
    with gateway_process.gateway(tmp_path) as (aws, process):
        pid = _sleeping_job(aws)
        process.send_signal(number)
        assert process.wait(60) == 0
        assert not _alive(pid)
        assert json.loads((tmp_path / "processes.json").read_text()) == []


@pytest.mark.verification
@pytest.mark.emulator
def test_a_new_gateway_ends_what_a_killed_one_left(tmp_path: Path) -> None:
    with gateway_process.gateway(tmp_path) as (aws, process):
        pid = _sleeping_job(aws)
        process.kill()
        process.wait()
        assert _alive(pid)
    with gateway_process.gateway(tmp_path) as (aws, _):
        wait_until(lambda: _alive(pid), lambda alive: not alive)
        assert "left over from an earlier gateway" in aws.log()


def _functions_worker(aws: Aws) -> int:
    """The process id of a function's worker, which waits for the next call."""
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("code.py", "import os\ndef handler(*_):\n    return os.getpid()\n")
    functions = aws.client("lambda")
    functions.create_function(
        FunctionName="waiting",
        Runtime="python3.12",
        Handler="code.handler",
        Role=aws.role("function", trusted=service_trust("lambda.amazonaws.com")),
        Code={"ZipFile": package.getvalue()},
    )
    pid: int = json.load(functions.invoke(FunctionName="waiting")["Payload"])
    return pid


@pytest.mark.verification
@pytest.mark.emulator
def test_a_functions_worker_ends_by_itself_once_the_gateway_is_killed(tmp_path: Path) -> None:
    with gateway_process.gateway(tmp_path) as (aws, process):
        pid = _functions_worker(aws)
        assert _alive(pid)
        process.kill()
        process.wait()
        wait_until(lambda: _alive(pid), lambda alive: not alive)


def test_a_port_that_is_taken_is_named(aws: Aws, tmp_path: Path) -> None:
    port = int(aws.endpoint.rpartition(":")[2])
    process = gateway_process.start(tmp_path, port)
    assert process.wait(60) == 1
    said = (tmp_path / "output").read_text()
    assert f"The gateway can't serve on http://127.0.0.1:{port}:" in said
    assert "Traceback" not in said
