"""How a refusal is put into words, beside the refusals that docs/proof/configuration.md lists."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from components.naming import Names
from components.topology_loading import load_topology, parsed
from components.topology_problems import (
    Problem,
    TopologyError,
    closest,
    dotted,
    listed,
    look_alikes,
    refused,
    shown,
)

NAMES = Names(project="unified-pipelines", stack="dev")


@pytest.mark.parametrize(
    ("text", "value"),
    [(None, None), ('{"a": [1]}', {"a": [1]}), ("{", "{"), ("central", "central")],
)
def test_what_pulumi_hands_over(text: str | None, value: object) -> None:
    assert parsed(text) == value


def test_no_topology_at_all() -> None:
    with pytest.raises(TopologyError) as raised:
        load_topology(None, names=NAMES, root=Path())
    assert str(raised.value) == (
        "The topology has 1 error; nothing was deployed.\n"
        "  topology: missing: stack dev has no `unified-pipelines:topology` in its configuration; "
        "write one, as stacks/Pulumi.dev.yaml does"
    )


def test_problems_are_told_in_the_order_of_their_places() -> None:
    later = Problem(("b",), "wrong", "right", "mend it")
    second = Problem(("a",), "wrong", "right", "replace it")
    first = Problem(("a",), "wrong", "right", "mend it", relies_on=(("z",),))
    error = TopologyError([later, second, first])
    assert error.problems == (first, second, later)
    assert str(error) == (
        "The topology has 3 errors; nothing was deployed.\n"
        "  a: wrong: right; mend it\n"
        "  a: wrong: right; replace it\n"
        "  b: wrong: right; mend it"
    )


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), "topology"),
        (("a",), "a"),
        (("a", "b-c", "d_1"), "a.b-c.d_1"),
        (("a", "b.c", "d"), 'a["b.c"].d'),
        (("b c",), '["b c"]'),
        (("a", "größe", "für alle"), 'a.größe["für alle"]'),
        (("a", ""), 'a[""]'),
    ],
)
def test_a_place_as_it_is_written(path: tuple[str, ...], text: str) -> None:
    assert dotted(path) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        ({"a": [1, True]}, '{"a": [1, true]}'),
        (["größe"], '["größe"]'),
        (dt.date(2026, 11, 22), '"2026-11-22"'),
        ("x" * 78, '"' + "x" * 78 + '"'),
        ("x" * 79, '"' + "x" * 79 + "... (81 characters)"),
        ("\u0435", '"\u0435" (with U+0435 CYRILLIC SMALL LETTER IE)'),
        ("x\x80", '"x\x80" (with U+0080)'),
    ],
)
def test_a_value_as_json_writes_it(value: object, text: str) -> None:
    assert shown(value) == text


def test_three_look_alikes_are_named_each_once() -> None:
    assert look_alikes("\u0435\u00a0\u0430\u0301\u0435") == (
        " (with U+00A0 NO-BREAK SPACE, U+0301 COMBINING ACUTE ACCENT, "
        "U+0430 CYRILLIC SMALL LETTER A)"
    )
    assert look_alikes("plain ASCII") == ""


def test_a_refused_value() -> None:
    (problem,) = refused(("a",), 5, "a text", "quote it", ("b",), ("c", "d"))
    assert problem == Problem(
        ("a",), "5 is not allowed", "a text", "quote it", relies_on=(("b",), ("c", "d"))
    )


def test_the_closest_name_is_suggested() -> None:
    assert closest("centrl", {"central", "contrary"}, otherwise="add it") == "did you mean central?"
    assert closest("x", {"central"}, otherwise="add it") == "add it"


def test_names_are_listed_in_order() -> None:
    assert listed({"b", "a", "c"}) == "a, b, c"
    assert listed(()) == "none"
