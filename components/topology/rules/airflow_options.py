"""Airflow's configuration options: their names, and values that Amazon MWAA takes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from components.topology import limits
from components.topology.codes import Code
from components.topology.model import Environment
from components.topology.problems import KeyPath, Problem, refused
from components.topology.rules.basics import matching

_PATH = ("hub", "environment", "configuration_options")


def problems(environment: Environment) -> Iterator[Problem]:
    """What is wrong with each option."""
    for name, value in environment.configuration_options.items():
        yield from _name((*_PATH, name), name)
        yield from _value((*_PATH, name), value)


def _name(path: KeyPath, name: str) -> Iterator[Problem]:
    if any(re.fullmatch(reserved, name) for reserved in limits.RESERVED_OPTIONS):
        yield from refused(
            path,
            Code.RESERVED_NAME,
            name,
            "is set by the hub, which keeps connections in Secrets Manager",
            advice="Remove it",
        )
    yield from matching(
        path,
        name,
        rf"(?=.{{1,{limits.OPTION_NAME_LENGTH}}}$){limits.OPTION_NAME_PATTERN}",
        what="an Airflow option",
        form="a section, a dot and a key in lower-case letters, digits and underscores, at most "
        f"{limits.OPTION_NAME_LENGTH} characters, such as core.parallelism",
    )


def _value(path: KeyPath, value: str) -> Iterator[Problem]:
    if not re.fullmatch(limits.OPTION_VALUE_PATTERN, value):
        # Amazon MWAA treats options as secret (API model), so the value isn't repeated.
        found = f"{len(value):,} characters"
        sentence = f"expected 1 to 65,536 printable ASCII characters, got {found} (not shown)"
        yield Problem(path, Code.MALFORMED, found, sentence)
