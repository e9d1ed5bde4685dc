"""The embedded AWS as a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from local.deployment.stopping import Stop
from local.free_port import free_port
from local.run.errors import RunError
from local.run.leftovers import record_gateway
from local.run.run_directory import CHECKOUT, RunDirectory

HOST = "127.0.0.1"
READY_SECONDS = 60.0
_POLL_SECONDS = 0.1
_ANSWER_SECONDS = 2
_SHOWN_LINES = 20

# Never through a proxy: it is on this machine.
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Gateway:
    """A running embedded AWS."""

    endpoint: str
    process: subprocess.Popen[bytes]


def start_gateway(run_directory: RunDirectory, stop: Stop) -> Gateway:
    """Start it on a free port and return once it answers.

    Its session is its own: a Ctrl-C in the terminal reaches this process alone, which then ends
    everything in order.
    """
    port = free_port(HOST)
    run_directory.aws.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "local.gateway"]
    command += ["--port", str(port), "--directory", str(run_directory.aws)]
    with run_directory.gateway_log.open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    endpoint = f"http://{HOST}:{port}"
    record_gateway(run_directory, process.pid, endpoint)
    _wait(process, endpoint, run_directory, stop)
    return Gateway(endpoint, process)


def found_organization(endpoint: str, organization_id: str, account_ids: Sequence[str]) -> None:
    """Make these accounts those of the organization."""
    request = urllib.request.Request(  # noqa: S310 (the gateway's own address)
        f"{endpoint}/_local/organization",
        json.dumps({"id": organization_id, "accounts": list(account_ids)}).encode(),
        method="PUT",
    )
    with _direct.open(request, timeout=_ANSWER_SECONDS):
        pass


def _wait(
    process: subprocess.Popen[bytes], endpoint: str, run_directory: RunDirectory, stop: Stop
) -> None:
    for _ in range(int(READY_SECONDS / _POLL_SECONDS)):
        if process.poll() is not None:
            raise RunError(
                f"the embedded AWS ended while it started:\n{tail(run_directory.gateway_log)}"
            )
        if _answers(f"{endpoint}/_local/ready"):
            return
        stop.pause(_POLL_SECONDS)
    raise RunError(
        f"the embedded AWS didn't answer within {READY_SECONDS:.0f} s:\n"
        f"{tail(run_directory.gateway_log)}"
    )


def _answers(url: str) -> bool:
    try:
        with _direct.open(url, timeout=_ANSWER_SECONDS) as answer:
            return bool(answer.status == 200)  # noqa: PLR2004 (HTTP's OK)
    except (urllib.error.URLError, OSError):
        return False


def tail(log: Path, lines: int = _SHOWN_LINES) -> str:
    """The end of a log file."""
    if not log.is_file():
        return f"(there is no {log})"
    text = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join(text[-lines:]) or "(its log is empty)"
