"""A local run of a stack with any number of pipelines, of which one pair runs."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from benchmarks.figure import ROOT
from components.aws.naming import Names
from local.deployment.stopping import Stop
from local.run.accounts import Accounts
from local.run.airflow_api import AirflowApi
from local.run.data_files import DataFiles
from local.run.errors import RunError
from local.run.flow import LocalRun
from local.run.following import Flow
from local.run.leftovers import end_leftovers, running_endpoint
from local.run.options import Options
from local.run.plan import Plan
from local.run.preparation import clear, prepare
from local.run.progress import Progress
from local.run.run_directory import RunDirectory

_SAMPLE_SECONDS = 0.5


@dataclass(frozen=True, kw_only=True)
class FinishedRun:
    """A run that is over; Airflow and the embedded AWS are still there."""

    run_directory: RunDirectory
    names: Names
    plan: Plan
    """Of the one pair of pipelines."""
    accounts: Accounts
    flow: Flow
    pools: tuple[Mapping[str, int], ...]
    """The slots of Airflow's default pool by state, looked at twice a second."""

    @property
    def api(self) -> AirflowApi:
        """Airflow's REST API."""
        return _api(self.accounts, self.plan)

    def calls(self) -> list[dict[str, Any]]:
        """Every authorized call so far."""
        record = self.run_directory.aws / "authorized_calls.jsonl"
        return [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]


@contextmanager
def finished_run(folder: Path, *, pairs: int) -> Iterator[FinishedRun]:
    """Deploy `pairs` data and ML pipelines below `folder`, and run the first pair to its model."""
    stack_file = folder / "Pulumi.local.yaml"
    stack_file.write_text(yaml.safe_dump(_stack(pairs)), encoding="utf-8")
    run_directory = RunDirectory(folder / "run")
    options = Options(
        stack=str(stack_file), data=DataFiles(), keep=True, directory=run_directory.path
    )
    prepared = prepare(options)
    plan = _first_pair(prepared.plan)
    run_directory.path.mkdir(parents=True)
    clear(run_directory)
    run = LocalRun(
        options=options,
        stack=prepared.stack,
        plan=plan,
        run_directory=run_directory,
        progress=Progress(lambda _line: None),
        stop=Stop(),
    )
    try:
        with _sampled_pools(run_directory, plan) as pools:
            outcome = run.go()
        yield FinishedRun(
            run_directory=run_directory,
            names=Names(project=prepared.stack.project, stack=prepared.stack.name),
            plan=plan,
            accounts=Accounts(outcome.endpoint),
            flow=outcome.flow,
            pools=tuple(pools),
        )
    finally:
        end_leftovers(run_directory)


def _stack(pairs: int) -> dict[str, Any]:
    """The stack `local`, with copies of its pipelines."""
    content: dict[str, Any] = yaml.safe_load(
        (ROOT / "stacks" / "Pulumi.local.yaml").read_text(encoding="utf-8")
    )
    topology = content["config"]["unified-pipelines:topology"]
    # The smallest class for a hundred DAGs.
    topology["hub"]["environment"] = {"class": "mw1.medium"}
    ((source, data),) = topology["data_pipelines"].items()
    ((name, ml),) = topology["ml_pipelines"].items()
    for number in range(2, pairs + 1):
        topology["data_pipelines"][f"{source}n{number}"] = deepcopy(data)
        topology["ml_pipelines"][f"{name}n{number}"] = {**ml, "source": f"{source}n{number}"}
    return content


def _first_pair(plan: Plan) -> Plan:
    return replace(plan, data_pipelines=plan.data_pipelines[:1], ml_pipelines=plan.ml_pipelines[:1])


def _api(accounts: Accounts, plan: Plan) -> AirflowApi:
    hub = plan.hub
    return AirflowApi(accounts.client("mwaa", hub.account_id, hub.region), plan.environment)


@contextmanager
def _sampled_pools(run_directory: RunDirectory, plan: Plan) -> Iterator[list[Mapping[str, int]]]:
    """What Airflow's default pool holds, for as long as the block lasts."""
    samples: list[Mapping[str, int]] = []
    over = threading.Event()

    def sample() -> None:
        while not over.wait(_SAMPLE_SECONDS):
            endpoint = running_endpoint(run_directory)
            if endpoint is None:
                continue
            # Until Airflow is there.
            with suppress(RunError):
                samples.append(_api(Accounts(endpoint), plan).default_pool())

    thread = threading.Thread(target=sample, daemon=True)
    thread.start()
    try:
        yield samples
    finally:
        over.set()
        thread.join()
