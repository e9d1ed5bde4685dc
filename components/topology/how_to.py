"""Where docs/how-to.md answers a key that users try, and that the topology doesn't have yet."""

from __future__ import annotations

from collections.abc import Mapping

PAGE = "docs/how-to.md"

_SCHEDULE = "start-a-run-on-a-schedule"
_TOLD = "hear-of-failures"
_UPLOADS = "start-a-run-per-uploaded-file"
_MISSING = "what-isnt-there-yet"

SECTIONS: Mapping[str, str] = {
    "alarms": _TOLD,
    "catchup": _SCHEDULE,
    "cron": _SCHEDULE,
    "email": _TOLD,
    "endpoint": _MISSING,
    "notification": _TOLD,
    "on_upload": _UPLOADS,
    "plugins": "add-airflow-plugins",
    "python_modules": "add-python-packages-to-airflow",
    "requirements": "add-python-packages-to-airflow",
    "schedule": _SCHEDULE,
    "schedule_interval": _SCHEDULE,
    "start": _SCHEDULE,
    "wheels": "add-python-packages-without-pypi",
}
"""The section of the page, as GitHub names its anchor, by the key."""


def section(key: str) -> str | None:
    """The section that answers `key`, as a path with an anchor, if there is one."""
    return f"{PAGE}#{SECTIONS[key]}" if key in SECTIONS else None
