"""What Amazon MWAA says of an environment."""

from __future__ import annotations

from typing import Any

AVAILABLE = "AVAILABLE"

AT_WORK = {
    "CREATING": "AWS is making it",
    "CREATING_SNAPSHOT": "AWS saves its database before the update",
    "DELETING": "AWS is deleting it",
    "MAINTENANCE": "AWS maintains it, in its window or because it needs repair",
    "PENDING": "AWS waits up to 72 hours for the endpoints of database and web server, which the "
    "owner of a shared VPC makes",
    "ROLLING_BACK": "the update failed, and AWS returns to the settings before it",
    "UPDATING": "AWS is updating it",
}
"""Statuses that end, and what they mean (Amazon MWAA API reference, Environment)."""


def environment_status(mwaa: Any, environment: str) -> str:
    """The environment's status, such as `AVAILABLE`."""
    return str(mwaa.get_environment(Name=environment)["Environment"]["Status"])
