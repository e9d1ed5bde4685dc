"""The Amazon MWAA environment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from components.topology import limits
from components.topology.model.fields import (
    Expected,
    Model,
    Scalar,
    editor_hint,
    one_of,
    pattern,
    within,
)

MICRO_CLASS = "mw1.micro"
"""The environment class that doesn't scale: one worker, scheduler and web server."""


def _count(bounds: tuple[int, int]) -> Any:
    """A count from 1, the only one of `MICRO_CLASS`, to the end of `bounds`."""
    return editor_hint(minimum=1, maximum=bounds[1])


class Scaling(Model):
    """How many of each the environment has; None is for what must be left out of the request."""

    min_workers: int
    max_workers: int
    schedulers: int | None
    min_webservers: int | None
    max_webservers: int | None


class Updates(Model):
    """How an update of the environment treats running tasks."""

    drain_minutes: Annotated[int, within(limits.DRAIN_MINUTES)] = 30
    """How long a deployment pauses the DAGs and waits for running tasks: 0 to 720. 0 is not."""

    if_still_running: Annotated[
        Literal["stop", "continue"], Expected("what happens if tasks still run then")
    ] = "stop"
    """If tasks run after that: stop the deployment, or continue, which stops the tasks."""


class Environment(Model):
    """The Amazon MWAA environment.

    A count that isn't chosen is None: `scaling` has the default of the class.
    """

    class_: Annotated[
        str,
        pattern(limits.CLASS_PATTERN),
        Expected("an environment class", "mw1. and a size, such as mw1.small or mw1.2xlarge"),
    ] = Field(default="mw1.small", validation_alias="class")
    """Size of the environment. mw1.micro doesn't scale: leave its counts out."""

    airflow_version: Annotated[
        str,
        pattern(limits.VERSION_PATTERN),
        Expected("an Airflow version", "three numbers such as 3.3.1"),
    ] = "3.3.1"
    """A version that Amazon MWAA offers, in quotes: 3.0.6 or later, below 4."""

    min_workers: Annotated[int | None, _count(limits.WORKERS)] = None
    """Workers at least: 1 to 25, 1 by default."""

    max_workers: Annotated[int | None, _count(limits.WORKERS)] = None
    """Workers at most: 1 to 25, 10 by default."""

    schedulers: Annotated[int | None, _count(limits.SCHEDULERS)] = None
    """Schedulers: 2 to 5, 2 by default."""

    min_webservers: Annotated[int | None, _count(limits.WEBSERVERS)] = None
    """Web servers at least: 2 to 5, 2 by default."""

    max_webservers: Annotated[int | None, _count(limits.WEBSERVERS)] = None
    """Web servers at most: 2 to 5, 2 by default."""

    webserver_access_mode: Annotated[
        Literal["PRIVATE_ONLY", "PUBLIC_ONLY", "PUBLIC_AND_PRIVATE"], Expected("an access mode")
    ] = "PRIVATE_ONLY"
    """From where the web server can be reached. PUBLIC_AND_PRIVATE needs Airflow 3.2."""

    weekly_maintenance_window_start: Annotated[
        str,
        pattern(limits.MAINTENANCE_PATTERN),
        Expected(
            "the start of a maintenance window",
            "a day in capitals and a full or half hour in UTC, such as SUN:03:00 or WED:14:30",
        ),
    ] = "SUN:03:00"
    """When AWS may maintain the environment: DAY:HH:00 or DAY:HH:30, UTC."""

    configuration_options: Mapping[str, Scalar] = Field(default_factory=dict)
    """Airflow options as `section.key: value`. Options that say where connections come from
    (`secrets.*`, `workers.secrets_backend`, `workers.secrets_backend_kwargs`) are the hub's."""

    requirements_file: str | None = None
    """A requirements file in the project, with a `--constraint` line."""

    wheels: str | None = None
    """A folder of the project with wheels of all requirements: nothing is taken from PyPI."""

    plugins: str | None = None
    """A folder of the project with Airflow plugins, and modules that DAGs import."""

    startup_script_file: str | None = None
    """A shell script in the project, run after the hub's own start-up script."""

    log_level: Annotated[
        Literal["CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG"], Expected("a log level")
    ] = "INFO"
    """Level of all five kinds of Airflow log."""

    log_retention_days: Annotated[int, one_of(limits.LOG_RETENTION_DAYS)] = 365
    """Days that CloudWatch Logs keeps every log of the stack."""

    updates: Updates = Field(default_factory=Updates)
    """What becomes of running tasks when an update restarts the workers."""

    @property
    def scaling(self) -> Scaling:
        """The counts that hold: those chosen, else the defaults of the class.

        A default gives way to its chosen counterpart, so that `min_workers: 12` needs no maximum.
        On mw1.micro MWAA refuses any count of schedulers and web servers, even 1.
        """
        if self.class_ == MICRO_CLASS:
            return Scaling(
                min_workers=1,
                max_workers=1,
                schedulers=None,
                min_webservers=None,
                max_webservers=None,
            )
        min_workers, max_workers = _range(self.min_workers, self.max_workers, 1, 10)
        min_webservers, max_webservers = _range(self.min_webservers, self.max_webservers, 2, 2)
        return Scaling(
            min_workers=min_workers,
            max_workers=max_workers,
            schedulers=2 if self.schedulers is None else self.schedulers,
            min_webservers=min_webservers,
            max_webservers=max_webservers,
        )


def _range(low: int | None, high: int | None, low_else: int, high_else: int) -> tuple[int, int]:
    """Both ends of a range of which either may be unset; a default never crosses a chosen end."""
    if low is None:
        low = low_else if high is None else min(low_else, high)
    return low, max(high_else, low) if high is None else high
