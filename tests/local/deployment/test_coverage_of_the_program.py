"""The descriptions know everything that the program registers, and nothing else."""

from __future__ import annotations

import functools
import typing
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from pulumi import _types

from bootstrap.command import main as bootstrap
from local.deployment.services import PROVIDER_FUNCTIONS, RESOURCE_TYPES
from local.deployment.translation import Inner, Table, translate
from tests.local.deployment.sdk_types import sdk_types
from tests.mocks import (
    Recorded,
    Registration,
    evaluate,
    private_stack,
    shared_stack,
    stack_as_it_is,
    transit_stack,
)

_PROVIDERS = "pulumi:providers:"
PRIVATE = "dev with a private network"
TRANSIT = "dev with transit gateways"
SHARED = "dev in a shared network"
STACKS = ("local", "dev", "prod", PRIVATE, TRANSIT, SHARED)


def evaluated(stack: str) -> Recorded:
    own = {PRIVATE: private_stack, TRANSIT: transit_stack, SHARED: shared_stack}
    return own[stack]() if stack in own else stack_as_it_is(stack)


@pytest.fixture(scope="module", params=STACKS)
def recorded(request: pytest.FixtureRequest) -> Recorded:
    return evaluated(request.param)


def resources(recorded: Recorded) -> list[Registration]:
    return [entry for entry in recorded if entry.custom and not entry.type.startswith(_PROVIDERS)]


def test_every_property_of_every_resource_is_understood(recorded: Recorded) -> None:
    assert resources(recorded)
    for entry in resources(recorded):
        translate(entry.inputs, RESOURCE_TYPES[entry.type].table, f"{entry.urn} ")


def test_every_function_is_known(recorded: Recorded) -> None:
    assert {invocation.token for invocation in recorded.invocations} <= set(PROVIDER_FUNCTIONS)


def unknown(table: Table, types: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """The properties in `table`, however deep, that the SDK doesn't know."""
    for name, rule in table.items():
        if name not in types:
            yield path + name
        elif isinstance(rule, Inner):
            inner = typing.get_args(types[name]) or (types[name],)
            yield from unknown(rule.table, _types.output_type_types(inner[0]), f"{path}{name}.")


@pytest.mark.parametrize("token", sorted(RESOURCE_TYPES))
def test_every_property_in_a_table_exists(token: str) -> None:
    assert list(unknown(RESOURCE_TYPES[token].table, sdk_types(token))) == []


def test_a_description_says_whether_there_are_tags() -> None:
    tagged = {token for token in RESOURCE_TYPES if "tags" in sdk_types(token)}

    assert tagged == {token for token, each in RESOURCE_TYPES.items() if each.takes_tags}


OF_FILES = {
    *("pluginsS3ObjectVersion", "pluginsS3Path"),
    *("requirementsS3ObjectVersion", "requirementsS3Path"),
}
"""What an environment has only if the topology names files, which no stack here does."""

OF_ROTATIONS = {"keepers"}
"""What an ExternalId has only once the connection was rotated."""


@functools.cache
def used() -> Mapping[str, set[str]]:
    """By resource type, the properties that resources of some stack or of its bootstrap have."""
    found: dict[str, set[str]] = defaultdict(set)
    for stack in [*map(evaluated, STACKS), evaluate(lambda: bootstrap([]), stack="local")]:
        for entry in resources(stack):
            found[entry.type].update(paths(RESOURCE_TYPES[entry.type].table, entry.inputs))
    return found


def paths(table: Table, value: Any, path: str = "") -> Iterator[str]:
    """The properties in a value, those of structures after a dot."""
    for item in value if isinstance(value, list) else [value]:
        for key, inner in item.items():
            yield path + key
            rule = table.get(key)  # a missing one is another test's finding
            if isinstance(rule, Inner):
                yield from paths(rule.table, inner, f"{path}{key}.")


def in_table(table: Table, path: str = "") -> Iterator[str]:
    for key, rule in table.items():
        yield path + key
        if isinstance(rule, Inner):
            yield from in_table(rule.table, f"{path}{key}.")


@pytest.mark.parametrize("token", sorted(RESOURCE_TYPES))
def test_every_property_in_a_table_is_used(token: str) -> None:
    known = set(in_table(RESOURCE_TYPES[token].properties))
    assert known - OF_FILES - OF_ROTATIONS == used()[token] - {"tags"}
