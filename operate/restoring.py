"""Restores a backup of Airflow's metadata into an environment; each step can be repeated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from typing import Any

from clients.airflow_rest_api import RefusedError
from clients.paused_dags import RECORD
from operate.backups import BackedUpRun, Metadata
from operate.metadata_api import MetadataApi, dag_path, fits
from operate.restored_run import MARK, RestoredRun

_ENDS = ("success", "failed")
_INVALID = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY)


@dataclass
class Restored:
    """What became of a backup. Runs are named `<DAG> <id>`."""

    variables: list[str] = field(default_factory=list)
    masked_variables: list[str] = field(default_factory=list)
    """Those whose values Airflow hid, so that they aren't in the backup."""

    unknown_dags: list[str] = field(default_factory=list)
    unreachable_dags: list[str] = field(default_factory=list)
    """Those whose ids are too long for InvokeRestApi's paths."""

    unpaused: list[str] = field(default_factory=list)
    runs: list[str] = field(default_factory=list)
    runs_already_there: list[str] = field(default_factory=list)
    unfinished_runs: list[str] = field(default_factory=list)
    """Those that weren't over when the backup was made: they aren't restored."""

    refused_runs: dict[str, str] = field(default_factory=dict)
    """Those that this Airflow doesn't take, with the reason."""


class Restoring:
    """Restores `metadata` by `api`; `tell` is told after each run."""

    def __init__(
        self, api: MetadataApi, metadata: Metadata, tell: Callable[[Restored], None]
    ) -> None:
        self._api = api
        self._metadata = metadata
        self._tell = tell
        self._done = Restored()
        self._teardown_tasks = cache(api.teardown_tasks)
        self._marks_tasks = cache(api.marks_tasks)
        self._run_ids = cache(api.run_ids)

    def restore(self) -> Restored:
        """Variables, then runs while their DAGs are paused, then the pauses as they were."""
        self._variables()
        known = {dag_id for dag_id in self._metadata.dags if self._pause(dag_id)}
        for run in sorted(self._metadata.dag_runs, key=lambda each: each.run_after):
            if run.dag_id in known:
                self._run(run)
                self._tell(self._done)
        for dag_id, was_paused in self._metadata.dags.items():
            if dag_id in known and not was_paused:
                self._api.pause(dag_id, is_paused=False)
                self._done.unpaused.append(dag_id)
        return self._done

    def _variables(self) -> None:
        for each in self._metadata.variables:
            if each.key == RECORD:
                continue  # of an update that the lost environment was in
            if each.value is None or each.is_masked:
                self._done.masked_variables.append(each.key)
            elif self._api.add_variable(each.key, each.value, each.description):
                self._done.variables.append(each.key)

    def _pause(self, dag_id: str) -> bool:
        if not fits(dag_path(dag_id)):
            self._done.unreachable_dags.append(dag_id)
            return False
        known = self._api.pause(dag_id, is_paused=True)
        if not known:
            self._done.unknown_dags.append(dag_id)
        return known

    def _run(self, run: BackedUpRun) -> None:
        restored, name = RestoredRun(run), f"{run.dag_id} {run.dag_run_id}"
        if run.state not in _ENDS:
            self._done.unfinished_runs.append(name)
            return
        reason = self._why_not(restored)
        if reason is not None:
            self._done.refused_runs[name] = reason
            return
        try:
            added = self._add(restored)
        except RefusedError as error:
            if error.status not in _INVALID:
                raise
            self._done.refused_runs[name] = str(error)
            return
        (self._done.runs if added else self._done.runs_already_there).append(name)

    def _why_not(self, run: RestoredRun) -> str | None:
        if not run.has_path:
            return "InvokeRestApi has no path for a DAG's id of that length"
        if self._teardown_tasks(run.of.dag_id) and not self._marks_tasks():
            return "Airflow 3.0 would do the DAG's teardown tasks again"
        return None

    def _add(self, run: RestoredRun) -> bool:
        """Add the run and end it; a run that an interrupted restore has added is ended, too."""
        dag_id, run_id = run.of.dag_id, run.run_id
        if run_id != run.of.dag_run_id and run.of.dag_run_id in self._run_ids(dag_id):
            return False
        if not self._api.add_run(dag_id, run.body) and not _is_begun(self._api.run(dag_id, run_id)):
            return False
        teardown = self._teardown_tasks(dag_id)
        if teardown:
            self._api.skip_tasks(dag_id, run_id, teardown)
        self._api.end_run(dag_id, run_id, run.of.state)
        return True


def _is_begun(found: dict[str, Any] | None) -> bool:
    return (
        found is not None and found["state"] == "queued" and (found["note"] or "").startswith(MARK)
    )
