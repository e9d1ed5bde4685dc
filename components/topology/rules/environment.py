"""The Amazon MWAA environment: version, counts and log retention."""

from __future__ import annotations

from collections.abc import Iterator

from components.topology import limits
from components.topology.codes import Code
from components.topology.model import MICRO_CLASS, Environment
from components.topology.problems import Problem, out_of_range, refused
from components.topology.versions import dots, version_of

_PATH = ("hub", "environment")


def problems(environment: Environment) -> Iterator[Problem]:
    """What is wrong with the environment by itself."""
    yield from _version(environment)
    yield from _counts(environment)
    yield from _order("workers", environment.min_workers, environment.max_workers)
    yield from _order("webservers", environment.min_webservers, environment.max_webservers)
    yield from _log_retention(environment.log_retention_days)


def _version(environment: Environment) -> Iterator[Problem]:
    path = (*_PATH, "airflow_version")
    first, end = limits.MIN_AIRFLOW_VERSION, limits.END_AIRFLOW_VERSION
    version = version_of(environment.airflow_version)
    if not first <= version < end:
        yield from refused(
            path,
            Code.UNSUPPORTED_VERSION,
            environment.airflow_version,
            "is not supported",
            expected=f"Airflow {dots(first)} or later, below {dots(end)}",
        )
    elif (
        environment.webserver_access_mode == "PUBLIC_AND_PRIVATE"
        and version < limits.PUBLIC_AND_PRIVATE_VERSION
    ):
        yield from refused(
            (*_PATH, "webserver_access_mode"),
            Code.NEEDS_LATER_AIRFLOW,
            environment.webserver_access_mode,
            f"needs Airflow {dots(limits.PUBLIC_AND_PRIVATE_VERSION)}",
            expected=f"PRIVATE_ONLY or PUBLIC_ONLY with {environment.airflow_version}",
            advice="Choose one of these, or raise airflow_version",
            relies_on=(path,),
        )


def _counts(environment: Environment) -> Iterator[Problem]:
    micro = environment.class_ == MICRO_CLASS
    for field, (low, high) in (
        ("min_workers", limits.WORKERS),
        ("max_workers", limits.WORKERS),
        ("schedulers", limits.SCHEDULERS),
        ("min_webservers", limits.WEBSERVERS),
        ("max_webservers", limits.WEBSERVERS),
    ):
        count: int | None = getattr(environment, field)
        allowed = range(1, 2) if micro else range(low, high + 1)
        if count is not None and count not in allowed:
            yield from out_of_range(
                (*_PATH, field),
                count,
                f"1 with {MICRO_CLASS}" if micro else f"{low} to {high}",
                advice="Remove the key, or choose a larger class" if micro else "",
                relies_on=((*_PATH, "class"),),
            )


def _order(what: str, low: int | None, high: int | None) -> Iterator[Problem]:
    if low is not None and high is not None and low > high:
        yield from refused(
            (*_PATH, f"min_{what}"),
            Code.MINIMUM_ABOVE_MAXIMUM,
            low,
            f"is above max_{what}",
            expected=f"at most {high}",
            advice=f"Lower it, or raise max_{what}",
            relies_on=((*_PATH, f"max_{what}"),),
        )


def _log_retention(days: int) -> Iterator[Problem]:
    if days not in limits.LOG_RETENTION_DAYS:
        nearest = min(limits.LOG_RETENTION_DAYS, key=lambda allowed: abs(allowed - days))
        yield from refused(
            (*_PATH, "log_retention_days"),
            Code.NOT_A_CHOICE,
            days,
            "is not a retention of CloudWatch Logs",
            expected=f"one of {', '.join(str(allowed) for allowed in limits.LOG_RETENTION_DAYS)}",
            advice=f"The nearest is {nearest}",
        )
