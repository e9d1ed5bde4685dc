"""The key of a run's raw file: a day's file belongs to a day's run."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class RunWithInterval(Protocol):
    """The part of a DAG run that its raw file's key depends on."""

    data_interval_start: datetime | None
    run_after: datetime


def raw_key_of(dag_run: RunWithInterval, raw_key: str, timezone: str) -> str:
    """The key of a DAG run's raw file.

    A scheduled run has a data interval, which begins with the moment that the key names. A run that
    was started by hand without a logical date has none: its own moment stands for it.
    """
    return raw_key_at(dag_run.data_interval_start or dag_run.run_after, raw_key, timezone)


def raw_key_at(moment: datetime, raw_key: str, timezone: str) -> str:
    """`raw_key` with `{date}` and `{hour}` of a moment, in a time zone: `2026-11-26` and `05`."""
    local = moment.astimezone(ZoneInfo(timezone))
    return raw_key.replace("{date}", f"{local:%Y-%m-%d}").replace("{hour}", f"{local:%H}")
