"""Follows a data pipeline's DAG run and the ML pipelines' that it triggers, to their end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from botocore.exceptions import BotoCoreError, ClientError

from operate.airflow_api import AirflowApi, AirflowError
from operate.dag_runs import DagRun, Task

POLL_SECONDS = 3.0

_TRIES = 20
"""How often in a row a look may fail before that counts."""

_PASSING = frozenset(
    {"InternalServerException", "RestApiServerException", "ThrottlingException", "Throttling"}
)


@dataclass(frozen=True, kw_only=True)
class Flow:
    """A run at one moment: its data DAG run, and those of the ML DAGs that exist already."""

    data_run: DagRun
    ml_runs: tuple[DagRun, ...]
    expected: frozenset[str]
    """The ML DAGs that the data DAG run triggers."""
    tasks: tuple[Task, ...]

    @property
    def dag_runs(self) -> list[DagRun]:
        """All of them."""
        return [self.data_run, *self.ml_runs]

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to come."""
        if not all(each.is_over for each in self.dag_runs):
            return False
        triggered = {each.dag_id for each in self.ml_runs} == self.expected
        return triggered or self.data_run.state == "failed"

    @property
    def succeeded(self) -> bool:
        """Whether every pipeline came to its end, and to a good one."""
        return self.is_over and {each.state for each in self.dag_runs} == {"success"}


def look(airflow: AirflowApi, data_run: DagRun, triggered: Mapping[str, str]) -> Flow:
    """The run as it is now; `triggered` has the DAG run's id of each ML DAG that it triggers."""
    now = airflow.dag_run(data_run.dag_id, data_run.run_id) or data_run
    found = [airflow.dag_run(dag_id, run_id) for dag_id, run_id in triggered.items()]
    ml_runs = tuple(each for each in found if each is not None)
    return Flow(
        data_run=now,
        ml_runs=ml_runs,
        expected=frozenset(triggered),
        tasks=tuple(airflow.tasks([now, *ml_runs])),
    )


def follow(
    ask: Callable[[], Flow], show: Callable[[Flow], None], pause: Callable[[float], None]
) -> Flow:
    """Look until the run is over; Airflow may fail to answer for a while, as in an update."""
    failures = 0
    while True:
        try:
            flow = ask()
        except (AirflowError, BotoCoreError, ClientError) as error:
            failures += 1
            if failures == _TRIES or not _passes(error):
                raise
        else:
            failures = 0
            show(flow)
            if flow.is_over:
                return flow
        pause(POLL_SECONDS)


def _passes(error: Exception) -> bool:
    if isinstance(error, AirflowError):
        return error.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return not isinstance(error, ClientError) or error.response["Error"]["Code"] in _PASSING
