"""The page of a run's results, written by the command line for deployed stacks."""

from __future__ import annotations

import subprocess
import sys

from local.deployment.stopping import Stop
from local.run.following import Flow
from local.run.run_directory import CHECKOUT, RunDirectory

_POLL_SECONDS = 0.05


def write_page(run_directory: RunDirectory, flow: Flow, stop: Stop) -> str | None:
    """Write the page beside the summary; what went wrong, if something did.

    It reads Airflow and the embedded AWS: they have to run still.
    """
    runs = sorted({run.run for run in flow.data_runs.values()})
    options = ("--outputs", str(run_directory.summary), "--file", str(run_directory.page))
    with (run_directory.path / "report.log").open("w+", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "operate", "report", *runs, *options],
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            while process.poll() is None:
                stop.pause(_POLL_SECONDS)
        finally:
            process.kill()
            process.wait()
        log.seek(0)
        return log.read().strip() if process.returncode else None
