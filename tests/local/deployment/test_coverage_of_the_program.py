"""The handlers know everything that the program registers, and nothing that doesn't exist."""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from pulumi import _types

from local.deployment.handlers import HANDLERS
from local.deployment.invokes import INVOKES
from local.deployment.translation import Inner, Table, translate
from tests.local.deployment.sdk_types import sdk_types
from tests.mocks import Recorded, Registration, stack_as_it_is

_PROVIDERS = "pulumi:providers:"


@pytest.fixture(scope="module", params=["local", "dev", "prod"])
def recorded(request: pytest.FixtureRequest) -> Recorded:
    return stack_as_it_is(request.param)


def resources(recorded: Recorded) -> list[Registration]:
    return [entry for entry in recorded if entry.custom and not entry.type.startswith(_PROVIDERS)]


def test_every_property_of_every_resource_is_understood(recorded: Recorded) -> None:
    assert resources(recorded)
    for entry in resources(recorded):
        translate(entry.inputs, HANDLERS[entry.type].table, f"{entry.urn} ")


def test_every_function_is_known(recorded: Recorded) -> None:
    assert {invocation.token for invocation in recorded.invocations} <= set(INVOKES)


def unknown(table: Table, types: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """The properties in `table`, however deep, that the SDK doesn't know."""
    for name, rule in table.items():
        if name not in types:
            yield path + name
        elif isinstance(rule, Inner):
            inner = typing.get_args(types[name]) or (types[name],)
            yield from unknown(rule.table, _types.output_type_types(inner[0]), f"{path}{name}.")


@pytest.mark.parametrize("token", sorted(HANDLERS))
def test_every_property_in_a_table_exists(token: str) -> None:
    assert list(unknown(HANDLERS[token].table, sdk_types(token))) == []


def test_a_table_says_whether_there_are_tags() -> None:
    tagged = {token for token in HANDLERS if "tags" in sdk_types(token)}

    assert tagged == {token for token, handler in HANDLERS.items() if handler.tagged}
