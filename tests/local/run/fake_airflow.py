"""An Airflow whose runs go as a test says."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from components.aws.account_region import AccountRegion
from local.run.errors import RunError
from local.run.plan import DataPipeline, MlPipeline, Plan
from local.run.states import DagRun, Task, TaskKey

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
RUN = "20260102T030405000000"
ACCOUNT_REGION = AccountRegion(account_id="222222222222", region="us-east-1")
DATA = DataPipeline(
    name="east1",
    account_region=ACCOUNT_REGION,
    bucket="data",
    raw_key="raw",
    timezone="UTC",
    on_upload=None,
    takes_sample=True,
    label_column="label",
    ml_pipelines=("west2",),
)
ML = MlPipeline(name="west2", account_region=ACCOUNT_REGION, bucket="ml", data_pipelines=("east1",))
PLAN = Plan(
    prefix="unified-pipelines-test",
    hub=ACCOUNT_REGION,
    environment="environment",
    airflow_version="3.3.1",
    accounts=("222222222222",),
    longest_job_seconds=3600,
    data_pipelines=(DATA,),
    ml_pipelines=(ML,),
    own_images=("ohio",),
)


def dag_run(dag_id: str, run_id: str, state: str) -> DagRun:
    ended = START + timedelta(seconds=8) if state in ("success", "failed") else None
    return DagRun(dag_id=dag_id, run_id=run_id, state=state, run=RUN, started=START, ended=ended)


def task(run: DagRun, task_id: str, state: str, second: int = 0) -> Task:
    started = START + timedelta(seconds=second)
    return Task(
        key=TaskKey(run.dag_id, run.run_id, task_id),
        state=state,
        attempt=1,
        started=started,
        ended=started + timedelta(seconds=1.5),
    )


@dataclass
class FakeAirflow:
    """A fake `AirflowApi`; each look at the runs is one moment of `moments`."""

    moments: list[list[DagRun]]
    all_tasks: list[Task] = field(default_factory=list)
    known: list[set[str]] = field(default_factory=list)
    failures: int = 0
    """How many looks fail before the first that doesn't."""
    done: list[str] = field(default_factory=list)

    def dag_ids(self) -> set[str]:
        return self.known.pop(0) if len(self.known) > 1 else self.known[0]

    def import_errors(self) -> list[str]:
        return ["some_dag.py: SyntaxError"]

    def unpause(self, dag_id: str) -> None:
        self.done.append(f"unpause {dag_id}")

    def trigger(self, dag_id: str, moment: datetime) -> DagRun:
        self.done.append(f"trigger {dag_id} {moment}")
        return dag_run(dag_id, "manual", "queued")

    def dag_runs(self) -> list[DagRun]:
        if self.failures:
            self.failures -= 1
            raise RunError("the database is locked")
        return self.moments.pop(0) if len(self.moments) > 1 else self.moments[0]

    def tasks(self) -> list[Task]:
        return self.all_tasks
