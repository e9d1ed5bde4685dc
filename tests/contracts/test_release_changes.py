"""What an update of a stack of the last release creates, deletes, replaces and updates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from local.deployment.services import RESOURCE_TYPES
from tests.contracts.release_changes import Change, changes, replacing_properties
from tests.contracts.released import STACKS, Entry, registered, released
from tests.local.deployment.sdk_types import sdk_types
from tests.verification import Table

ROLE = "unified-pipelines:index:Hub$aws:iam/role:Role::hub-role"
JOB = "aws:glue/job:Job::east1-job"
ENTRY = Entry(
    inputs={"name": "one", "description": "a"},
    account_id="111111111111",
    region="us-east-1",
    trigger="111111111111",
)


def only(before: Entry, now: Entry, urn: str = ROLE) -> tuple[str, str]:
    (change,) = changes({urn: before}, {urn: now})
    return change.does, change.because


def test_the_page(hold_table: Callable[[Table], None]) -> None:
    stacks: dict[Change, list[str]] = defaultdict(list)
    for stack in STACKS:
        config, before = released(stack)
        for change in changes(before, registered(stack, config)):
            stacks[change].append(stack)
    rows = [
        (each.does, f"`{each.type}`", f"`{each.name}`", each.because, ", ".join(stacks[each]))
        for each in stacks
    ]
    hold_table(
        Table(
            name="upgrade",
            title="The next update of a stack of the last release",
            text="""
What `pulumi up` does to `dev`, `prod` and a wide topology as the last release deployed them, with
the stack files of that release. `tests/contracts/last_release/` has what they registered then, and
`replacing_properties.yaml` beside it says of which properties a change replaces.

It compares inputs. Not compared: the contents of files that are uploaded, such as DAGs and scripts,
and what AWS computes, such as an object's version. A changed `startup.sh` is an update of
`hub-files-startup-script` here, and updates the environment, too.
""",
            columns=["what", "type", "resource", "properties", "stacks"],
            rows=rows or [("nothing", "", "", "", ", ".join(STACKS))],
        )
    )


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"inputs": {**ENTRY.inputs, "description": "b"}}, ("update", "description")),
        ({"inputs": {**ENTRY.inputs, "tags": "{}"}}, ("update", "tags")),
        ({"inputs": {**ENTRY.inputs, "name": "two"}}, ("replace", "name")),
        ({"trigger": "222222222222"}, ("replace", "replacementTrigger")),
        ({"protect": True}, ("update", "protect")),
    ],
)
def test_what_a_property_does(changed: dict[str, Any], told: tuple[str, str]) -> None:
    assert only(ENTRY, replace(ENTRY, **changed)) == told


def test_nothing_changes_without_a_difference() -> None:
    assert changes({ROLE: ENTRY}, {ROLE: ENTRY}) == []


def test_a_first_trigger_replaces_nothing() -> None:
    assert changes({ROLE: replace(ENTRY, trigger="")}, {ROLE: ENTRY}) == []


def test_another_region_replaces_what_is_regional() -> None:
    moved = replace(ENTRY, region="us-west-2")
    assert only(ENTRY, moved, JOB) == ("replace", "region")
    assert changes({ROLE: ENTRY}, {ROLE: moved}) == []


def test_what_is_protected_is_neither_deleted_nor_replaced() -> None:
    protected = replace(ENTRY, protect=True)
    (change,) = changes({ROLE: protected}, {})
    assert (change.does, change.because) == ("delete", "protected: pulumi up refuses")
    renamed = replace(protected, inputs={"name": "two", "description": "a"})
    assert only(protected, renamed) == ("replace", "name, protected: pulumi up refuses")


def test_an_alias_finds_what_the_state_has_under_another_urn() -> None:
    new = "unified-pipelines:index:Hub$aws:iam/role:Role::renamed-role"
    assert changes({ROLE: ENTRY}, {new: replace(ENTRY, former=(ROLE,))}) == []


def test_a_name_that_another_one_still_has_is_told() -> None:
    new = "unified-pipelines:index:Other$aws:iam/role:Role::other"
    assert [(each.does, each.because) for each in changes({ROLE: ENTRY}, {new: ENTRY})] == [
        ("create", "its name is taken until hub-role is deleted: pulumi up fails"),
        ("delete", ""),
    ]
    elsewhere = replace(ENTRY, account_id="222222222222")
    assert [each.because for each in changes({ROLE: ENTRY}, {new: elsewhere})] == ["", ""]


@pytest.mark.parametrize("token", sorted(RESOURCE_TYPES))
def test_every_type_has_its_replacing_properties(token: str) -> None:
    properties = replacing_properties()
    assert token in properties, f"{token} is missing in tests/contracts/replacing_properties.yaml"
    assert properties[token] <= set(sdk_types(token))
