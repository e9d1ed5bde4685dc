"""The DAG run that stands for one of a backup: its id, and what is asked of Airflow."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from dags.cross_account.run import has_interval, run_of
from operate.backups import BackedUpRun
from operate.metadata_api import fits, run_path

MARK = "Restored from a backup"
"""What the note of every restored run begins with."""

_RESERVED = ("asset_triggered__", "backfill__", "scheduled__")
"""How ids begin that Airflow gives to no run but its own."""

_NOTE_CHARACTERS = 1000
"""Airflow takes no longer note."""


@dataclass(frozen=True)
class RestoredRun:
    """A run of the backup, as it is added again."""

    of: BackedUpRun

    @property
    def run_id(self) -> str:
        """Its id, so that the same start is refused; computed where Airflow doesn't take that."""
        own = self.of.dag_run_id
        if own.startswith(_RESERVED) or not fits(run_path(self.of.dag_id, own)):
            return f"restored_{hashlib.sha256(own.encode()).hexdigest()[:12]}"
        return own

    @property
    def has_path(self) -> bool:
        """Whether InvokeRestApi has a path for it: for a DAG's id of 28 characters it has."""
        return fits(run_path(self.of.dag_id, self.run_id))

    @property
    def body(self) -> dict[str, Any]:
        """What Airflow is asked to add. The logical date keeps the schedule from its interval."""
        of = self.of
        body: dict[str, Any] = {
            "dag_run_id": self.run_id,
            "logical_date": None,
            "run_after": of.run_after.isoformat(),
            "conf": self._conf(),
            "note": self._note(),
        }
        if of.logical_date is not None:
            body["logical_date"] = of.logical_date.isoformat()
            if of.data_interval_start is not None and of.data_interval_end is not None:
                body["data_interval_start"] = of.data_interval_start.isoformat()
                body["data_interval_end"] = of.data_interval_end.isoformat()
        return body

    def _conf(self) -> dict[str, Any]:
        """With the name of its data, which only a run of the schedule tells by itself."""
        conf = self.of.conf or {}
        return {"run": run_of(self.of), **conf} if has_interval(self.of) else conf

    def _note(self) -> str:
        of = self.of
        when = f"it ran from {of.start_date} to {of.end_date}"
        text = f"{MARK}: {of.dag_run_id}, {of.run_type}; {when}"
        return (f"{text}\n\n{of.note}" if of.note else text)[:_NOTE_CHARACTERS]
