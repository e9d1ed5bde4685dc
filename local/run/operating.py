"""The command line for deployed stacks, asked about this run by the summary that it wrote."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass

from local.deployment.stopping import Stop
from local.run.run_directory import CHECKOUT, RunDirectory

_POLL_SECONDS = 0.05


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a command printed; `problem` is what it said on its way to fail, else None."""

    output: str
    problem: str | None


def operate(command: str, *arguments: str, run_directory: RunDirectory, stop: Stop) -> Answer:
    """Run a command on the stack of the run's summary; StoppedError once `stop` is requested.

    The commands read Airflow and the embedded AWS: they have to run still.
    """
    summary = ("--outputs", str(run_directory.summary))
    with subprocess.Popen(
        [sys.executable, "-m", "operate", command, *arguments, *summary],
        cwd=CHECKOUT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            output, errors = _ended(process, stop)
        finally:
            process.kill()
    return Answer(output=output, problem=(errors or output).strip() if process.returncode else None)


def _ended(process: subprocess.Popen[str], stop: Stop) -> tuple[str, str]:
    while True:
        try:
            return process.communicate(timeout=_POLL_SECONDS)
        except subprocess.TimeoutExpired:
            stop.check()
