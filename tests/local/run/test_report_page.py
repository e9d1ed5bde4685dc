"""The page of a run, which the command line for deployed stacks writes."""

from __future__ import annotations

from pathlib import Path

from local.deployment.stopping import Stop
from local.run.following import Flow
from local.run.report_page import write_page
from local.run.run_directory import RunDirectory
from local.run.states import DagRun


def test_what_keeps_it_from_being_written_is_told(tmp_path: Path) -> None:
    run = DagRun(dag_id="data_x", run_id="1", state="success", run="1", started=None, ended=None)
    flow = Flow(data_runs={"x": run}, ml_runs={}, tasks=())

    problem = write_page(RunDirectory(tmp_path), flow, Stop())

    assert problem is not None
    assert f"{tmp_path / 'result' / 'summary.json'} can't be read as JSON" in problem
