"""A gateway in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.free_port import free_port
from tests.local.gateway.aws import Aws

PROJECT = Path(__file__).resolve().parents[3]


def start(directory: Path, port: int) -> subprocess.Popen[bytes]:
    """A started gateway, from a shell whose variables must not matter."""
    misleading = {
        "AWS_PROFILE": "production",
        "AWS_ACCESS_KEY_ID": "333333333333",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "True",
        "AIRFLOW_HOME": "/nonexistent",
        "PYTHONPATH": str(PROJECT),
        "SPARK_HOME": "/nonexistent",
        "http_proxy": "http://127.0.0.1:9",
    }
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "output").open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "local.gateway", "--port", str(port), "--directory", directory],
            cwd=PROJECT,
            env={**os.environ, **misleading},
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def await_ready(process: subprocess.Popen[bytes], directory: Path, port: int) -> None:
    while True:
        assert process.poll() is None, (directory / "output").read_text(encoding="utf-8")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_local/ready", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)


@contextmanager
def gateway(directory: Path) -> Iterator[tuple[Aws, subprocess.Popen[bytes]]]:
    """A ready gateway, ended afterwards."""
    port = free_port("127.0.0.1")
    process = start(directory, port)
    try:
        await_ready(process, directory, port)
        yield Aws(endpoint=f"http://127.0.0.1:{port}", directory=directory), process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(30)
