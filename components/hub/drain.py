"""Lets the tasks of an environment end before an update stops its workers (ADR 17).

Nothing here imports Pulumi: its resource hooks call these functions, and so do tests.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from clients.airflow_rest_api import AirflowRestApi, RefusedError
from clients.environment_status import AT_WORK, AVAILABLE, environment_status
from clients.paused_dags import PausedDags

POLL_SECONDS = 10
SETTLING_MINUTES = 120
"""How long AWS may still work on a failed update; an update takes up to an hour and a half."""

RESTORE = "python -m operate unpause --restore"

_UNANSWERED = (BotoCoreError, ClientError, RefusedError)
_SHOWN = 5


class TasksRunError(Exception):
    """Tasks still run, and the topology says that the update is to stop then."""


@dataclass(frozen=True, kw_only=True)
class Drain:
    """What happens around an update of one environment.

    `connect` makes a client of Amazon MWAA in its account and Region. `say` and `warn` reach the
    user. Where Airflow can't be asked, the update goes on: it may be what repairs Airflow.
    """

    connect: Callable[[], Any]
    environment: str
    minutes: int
    stop_if_running: bool
    say: Callable[[str], None]
    warn: Callable[[str], None]
    sleep: Callable[[float], None] = field(default=time.sleep)

    def before_update(self) -> None:
        """Pause the DAGs, and wait for their tasks; a TasksRunError stops the update."""
        try:
            left = self._drained()
        except _UNANSWERED as error:
            self.warn(f"no task is waited for, since Airflow can't be asked: {error}")
            return
        if not left:
            return
        names = ", ".join(left[:_SHOWN]) + (", ..." if len(left) > _SHOWN else "")
        found = f"tasks still run after {self.minutes} minutes: {names}"
        if not self.stop_if_running:
            self.warn(f"{found}. The update stops them, and Airflow retries them")
            return
        self.unpause()
        raise TasksRunError(
            f"{found}. Expected none before the workers are stopped. The environment is unchanged: "
            "deploy again later, or change drain_minutes or if_still_running of "
            "hub.environment.updates"
        )

    def unpause(self) -> None:
        """Unpause the DAGs that are recorded as paused for an update, if any are."""
        try:
            unpaused = self._paused_dags.unpause()
        except _UNANSWERED as error:
            self.warn(
                f"the DAGs that were paused for the update may still be: {error}. `operate status` "
                f"names them, `{RESTORE}` unpauses them"
            )
            return
        if unpaused:
            self.say(f"unpaused after the update: {', '.join(unpaused)}")

    def after_failure(self) -> None:
        """Wait until AWS has ended its work, such as the way back, then unpause the DAGs."""
        told = None
        for _ in range(SETTLING_MINUTES * 60 // POLL_SECONDS):
            try:
                status = environment_status(self._mwaa, self.environment)
            except _UNANSWERED:
                break
            if status not in AT_WORK:
                break
            if status != told:
                self.say(f"the environment is {status}: {AT_WORK[status]}")
                told = status
            self.sleep(POLL_SECONDS)
        self.unpause()

    def _drained(self) -> list[str]:
        """The tasks that are left at the end."""
        status = environment_status(self._mwaa, self.environment)
        if status != AVAILABLE:
            self.warn(f"no task is waited for, since the environment is {status}")
            return []
        paused = self._paused_dags.pause()
        self.say(f"paused for the update: {', '.join(paused) or 'no DAG'}")
        told = None
        for _ in range(self.minutes * 60 // POLL_SECONDS):
            left = self._paused_dags.tasks_at_work()
            if not left:
                return []
            if len(left) != told:
                told = len(left)
                self.say(f"tasks that are still to end: {told}")
            self.sleep(POLL_SECONDS)
        return self._paused_dags.tasks_at_work()

    @cached_property
    def _mwaa(self) -> Any:
        return self.connect()

    @cached_property
    def _paused_dags(self) -> PausedDags:
        return PausedDags(AirflowRestApi(self._mwaa, self.environment))
