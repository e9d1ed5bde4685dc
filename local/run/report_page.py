"""The page of a run's results, written by the command line for deployed stacks."""

from __future__ import annotations

from local.deployment.stopping import Stop
from local.run.following import Flow
from local.run.operating import operate
from local.run.run_directory import RunDirectory


def write_page(run_directory: RunDirectory, flow: Flow, stop: Stop) -> str | None:
    """Write the page beside the summary; what went wrong, if something did."""
    runs = sorted({run.run for run in flow.data_runs.values()})
    page = ("--file", str(run_directory.page))
    return operate("report", *runs, *page, run_directory=run_directory, stop=stop).problem
