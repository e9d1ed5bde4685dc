"""The run itself, from an empty AWS to the trained models."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from local.deployment.program import Deployment, deploy
from local.deployment.services.mwaa import ENVIRONMENT
from local.deployment.stack_file import Stack
from local.deployment.stopping import Stop
from local.run.accounts import Accounts
from local.run.airflow_api import AirflowApi
from local.run.data import raw_file, upload
from local.run.existing_network import with_networks
from local.run.following import Flow, follow, start
from local.run.gateway import start_gateway
from local.run.options import Options
from local.run.plan import Plan
from local.run.prerequisites import bootstrap_accounts
from local.run.progress import Phase, Progress
from local.run.results import Results, collect, job_failures
from local.run.run_directory import PROGRAM, RunDirectory


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The outcome of a run; failed DAG runs are an outcome, too."""

    endpoint: str
    deployment: Deployment
    flow: Flow
    results: Results
    job_failures: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LocalRun:
    """One run; `plan` is what `stack` says."""

    options: Options
    stack: Stack
    plan: Plan
    run_directory: RunDirectory
    progress: Progress
    stop: Stop

    def go(self) -> Outcome:
        """Do everything in its order; raise RunError or DeploymentError where it can't go on."""
        with self.progress.phase("embedded AWS") as phase:
            gateway = start_gateway(self.run_directory, self.stop)
            phase.detail = endpoint = gateway.endpoint
        accounts = Accounts(endpoint)
        stack = with_networks(self.stack, accounts)
        with self.progress.phase("bootstrap") as phase:
            phase.detail = f"{bootstrap_accounts(stack, endpoint, self.stop)} resources"
        deployment = self._deploy(stack, endpoint)
        moment = datetime.now(UTC)
        with self.progress.phase("raw data") as phase:
            names = []
            for pipeline in self.plan.data_pipelines:
                file = raw_file(self.options.data, pipeline, self.run_directory.path)
                upload(file, self.options.data, pipeline, accounts, moment)
                names.append(file.name)
                self.stop.check()
            phase.detail = ", ".join(dict.fromkeys(names))
        flow = self._follow(accounts, moment)
        results = collect(self.plan, flow, accounts, self.run_directory.result)
        return Outcome(
            endpoint=endpoint,
            deployment=deployment,
            flow=flow,
            results=results,
            job_failures=job_failures(self.plan, accounts),
        )

    def _deploy(self, stack: Stack, endpoint: str) -> Deployment:
        """All resources; Airflow starts meanwhile, and is a phase of its own."""
        phase = self.progress.begin("deployment")
        airflow = self.progress.begin(f"Airflow {self.plan.airflow_version}")
        counter = _Counter(self.progress, phase, airflow)
        try:
            deployed = deploy(PROGRAM, stack, endpoint, counter.add, self.stop)
        except BaseException:
            phase.failed = airflow.failed = True
            raise
        counter.finish()
        return deployed

    def _follow(self, accounts: Accounts, moment: datetime) -> Flow:
        hub = self.plan.hub
        mwaa = accounts.client("mwaa", hub.account_id, hub.region)
        api = AirflowApi(mwaa, self.plan.environment)
        with self.progress.phase("DAG files") as phase:
            runs = start(self.plan, moment, api, self.stop)
            phase.detail = f"{len(self.plan.dag_ids)} DAGs unpaused"
        return follow(self.plan, runs, api, self.progress, self.stop)


class _Counter:
    """Tells the deployment's progress from the resources that exist; called from many threads."""

    def __init__(self, progress: Progress, deployment: Phase, airflow: Phase) -> None:
        self._progress = progress
        self._deployment = deployment
        self._airflow = airflow
        self._count = 0
        self._last = deployment.started

    def add(self, type_: str, _name: str) -> None:
        """One more resource."""
        if type_ == ENVIRONMENT.token:
            self._progress.end(self._airflow)
            return
        self._count += 1
        self._last = self._progress.elapsed()
        self._deployment.detail = f"{self._count} resources"

    def finish(self) -> None:
        """The deployment took until its last resource but Airflow's environment."""
        self._progress.end(self._deployment, at=self._last)
