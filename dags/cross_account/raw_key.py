"""The key of a run's raw file: a day's file belongs to a day's run."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo


def raw_key_at(moment: datetime, raw_key: str, timezone: str) -> str:
    """`raw_key` with `{date}` and `{hour}` of a moment, in a time zone: `2026-11-26` and `05`."""
    local = moment.astimezone(ZoneInfo(timezone))
    return raw_key.replace("{date}", f"{local:%Y-%m-%d}").replace("{hour}", f"{local:%H}")
