"""The URNs of `dev` and `prod`: what Pulumi knows a deployed resource by.

A line that goes or changes means that the next preview replaces or deletes something: that is a
breaking change, and the changelog says so (CONTRIBUTING.md, "What is breaking").
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.mocks import Registration, stack_as_it_is
from tests.verification import Table

STACKS = ("dev", "prod")
ROOT = "pulumi:pulumi:Stack"


def urn_in_pulumi(stack: str, entry: Registration) -> str:
    """The URN with the types of all ancestors, as the engine writes it; the mocks write one."""
    registrations, types = stack_as_it_is(stack).registrations, [entry.type]
    parent = registrations.get(entry.parent)
    while parent is not None and parent.type != ROOT:
        types.insert(0, parent.type)
        parent = registrations.get(parent.parent)
    return f"urn:pulumi:{stack}::unified-pipelines::{'$'.join(types)}::{entry.name}"


def test_the_page(hold_table: Callable[[Table], None]) -> None:
    rows = [
        (f"`{urn_in_pulumi(stack, entry)}`",) for stack in STACKS for entry in stack_as_it_is(stack)
    ]
    hold_table(
        Table(
            name="urns",
            title="URNs",
            text="""
Every resource of `stacks/Pulumi.dev.yaml` and `stacks/Pulumi.prod.yaml`, by the URN under which
Pulumi's state holds it. A line that goes or changes is a breaking change: the next preview replaces
or deletes something.
""",
            columns=["URN"],
            rows=rows,
        )
    )


@pytest.mark.parametrize("stack", STACKS)
def test_a_components_token_says_its_class_alone(stack: str) -> None:
    tokens = {entry.type for entry in stack_as_it_is(stack) if not entry.custom}
    assert tokens - {ROOT}
    for token in tokens - {ROOT}:
        assert re.fullmatch(r"unified-pipelines:index:[A-Z][A-Za-z]+", token)
