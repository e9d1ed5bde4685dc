"""The Amazon MWAA environment: class, version, counts, times and options."""

from __future__ import annotations

import re
from collections.abc import Iterator

from components.topology import limits
from components.topology.model import MICRO_CLASS, Environment
from components.topology.problems import KeyPath, Problem, refused
from components.topology.rules.basics import matching, within
from components.topology.versions import version_of

_PATH = ("hub", "environment")


def problems(environment: Environment) -> Iterator[Problem]:
    """What is wrong with the environment; its files are `files`' business."""
    yield from matching(
        (*_PATH, "class"),
        environment.class_,
        limits.CLASS_PATTERN,
        "an environment class such as mw1.small or mw1.2xlarge",
        "choose one from the Amazon MWAA user guide",
    )
    yield from _version(environment)
    yield from _counts(environment)
    yield from matching(
        (*_PATH, "weekly_maintenance_window_start"),
        environment.weekly_maintenance_window_start,
        limits.MAINTENANCE_PATTERN,
        "a day and a full or half hour in UTC such as SUN:03:00 or WED:14:30",
        "write the day in three capital letters",
    )
    yield from _log_retention(environment.log_retention_days)
    for name, value in environment.configuration_options.items():
        yield from _option((*_PATH, "configuration_options", name), name, value)


def _version(environment: Environment) -> Iterator[Problem]:
    path = (*_PATH, "airflow_version")
    first, end = limits.MIN_AIRFLOW_VERSION, limits.END_AIRFLOW_VERSION
    malformed = list(
        matching(
            path,
            environment.airflow_version,
            r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}",
            "three numbers such as 3.2.1",
            "name a version that Amazon MWAA offers",
        )
    )
    yield from malformed
    if malformed:
        return
    version = version_of(environment.airflow_version)
    if not first <= version < end:
        yield from refused(
            path,
            environment.airflow_version,
            f"{_dots(first)} or later, below {_dots(end)}, for which the DAG files are written",
            "choose such a version",
        )
    elif (
        environment.webserver_access_mode == "PUBLIC_AND_PRIVATE"
        and version < limits.PUBLIC_AND_PRIVATE_VERSION
    ):
        yield from refused(
            (*_PATH, "webserver_access_mode"),
            environment.webserver_access_mode,
            f"PRIVATE_ONLY or PUBLIC_ONLY with Airflow {environment.airflow_version}",
            f"raise airflow_version to {_dots(limits.PUBLIC_AND_PRIVATE_VERSION)} or later",
            path,
        )


def _dots(version: tuple[int, ...]) -> str:
    return ".".join(str(part) for part in version)


def _counts(environment: Environment) -> Iterator[Problem]:
    micro = environment.class_ == MICRO_CLASS
    remedy = "choose a count in this range"
    if micro:
        remedy = f"leave the key out, or choose a larger class than {MICRO_CLASS}, which has one"
    for field, bounds in (
        ("min_workers", limits.WORKERS),
        ("max_workers", limits.WORKERS),
        ("schedulers", limits.SCHEDULERS),
        ("min_webservers", limits.WEBSERVERS),
        ("max_webservers", limits.WEBSERVERS),
    ):
        yield from within(
            (*_PATH, field),
            getattr(environment, field),
            limits.MICRO_COUNT if micro else bounds,
            remedy,
            (*_PATH, "class"),
        )
    yield from _order("workers", environment.min_workers, environment.max_workers)
    yield from _order("webservers", environment.min_webservers, environment.max_webservers)


def _order(what: str, low: int | None, high: int | None) -> Iterator[Problem]:
    if low is not None and high is not None and low > high:
        yield from refused(
            (*_PATH, f"min_{what}"),
            low,
            f"at most max_{what}, which is {high}",
            f"lower it, or raise max_{what}",
            (*_PATH, f"max_{what}"),
        )


def _log_retention(days: int) -> Iterator[Problem]:
    if days not in limits.LOG_RETENTION_DAYS:
        nearest = min(limits.LOG_RETENTION_DAYS, key=lambda allowed: abs(allowed - days))
        yield from refused(
            (*_PATH, "log_retention_days"),
            days,
            f"one of {', '.join(str(allowed) for allowed in limits.LOG_RETENTION_DAYS)}",
            f"the nearest that CloudWatch Logs takes is {nearest}",
        )


def _option(path: KeyPath, name: str, value: str) -> Iterator[Problem]:
    if any(re.fullmatch(reserved, name) for reserved in limits.RESERVED_OPTIONS):
        yield from refused(
            path,
            name,
            "any option that doesn't say where connections come from: the hub keeps them in "
            "Secrets Manager",
            "remove it",
        )
    yield from matching(
        path,
        name,
        rf"(?=.{{1,{limits.OPTION_NAME_LENGTH}}}$){limits.OPTION_NAME_PATTERN}",
        "a section, a dot and a key in lower-case letters, digits and underscores, at most "
        f"{limits.OPTION_NAME_LENGTH} characters in all",
        "write it as Airflow's configuration reference does, such as core.parallelism",
    )
    if not re.fullmatch(limits.OPTION_VALUE_PATTERN, value):
        # Amazon MWAA treats options as secret (API model), so the value isn't repeated.
        yield Problem(
            path,
            f"a value of {len(value):,} characters is not allowed",
            "1 to 65,536 printable ASCII characters",
            "shorten it or take out other characters; remove the option for Airflow's default",
        )
