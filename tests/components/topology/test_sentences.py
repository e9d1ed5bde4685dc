"""How a problem is put into words: the page of every refusal, and what the words are made of.

No other test of the topology depends on a sentence.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from components.topology.codes import Code
from components.topology.loading import parsed
from components.topology.problems import (
    Problem,
    TopologyError,
    choice,
    closest,
    dotted,
    look_alikes,
    missing,
    refused,
    shown,
)
from tests.components.topology.changed_topologies import (
    change,
    changed,
    entries,
    refusal,
)
from tests.verification import Table


def test_the_page(hold_table: Callable[[Table], None], root: Path) -> None:
    rows = []
    for entry in entries("wrong_topologies.yaml"):
        (problem,) = refusal(changed(entry), root).problems
        path = dotted(problem.path)
        rows.append((f"`{change(entry)}`", f"`{path}`", f"`{problem.code}`", problem.sentence))
    hold_table(
        Table(
            name="configuration",
            title="Wrong configuration",
            text="""
Each line changes the topology of `stacks/Pulumi.dev.yaml` in one way. It is refused with one error
before anything is registered: path, then sentence. Several mistakes are reported at once. The cases
are in `tests/components/topology/wrong_topologies.yaml`; `allowed_topologies.yaml` beside it has
the allowed side of each limit.
""",
            columns=["what is wrong", "path", "code", "sentence"],
            rows=sorted(rows, key=lambda row: (row[1], row[0])),
        )
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [(None, None), ('{"a": [1]}', {"a": [1]}), ("{", "{"), ("central", "central")],
)
def test_what_pulumi_hands_over(text: str | None, value: object) -> None:
    assert parsed(text) == value


def test_no_topology_at_all(root: Path) -> None:
    assert str(refusal(None, root)) == (
        "The topology has 1 error; nothing was deployed.\n"
        "  topology: missing; stack dev has no `unified-pipelines:topology` in its configuration. "
        "Add it, as in stacks/Pulumi.dev.yaml"
    )


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ([], "expected a mapping, got []"),
        (
            "{accounts}",
            'expected a mapping, got "{accounts}": remove the quotes, or the | or > before it',
        ),
        (5, "expected a mapping, got 5"),
    ],
)
def test_no_mapping_at_all(value: object, sentence: str, root: Path) -> None:
    assert [problem.sentence for problem in refusal(value, root).problems] == [sentence]


def test_problems_are_reported_in_the_order_of_their_paths() -> None:
    later = Problem(("b",), Code.MISSING, None, "missing")
    second = Problem(("a",), Code.MALFORMED, 2, "2 is wrong")
    first = Problem(("a",), Code.MALFORMED, 1, "1 is wrong", relies_on=(("z",),))
    error = TopologyError([later, second, first])
    assert error.problems == (first, second, later)
    assert str(error) == (
        "The topology has 3 errors; nothing was deployed.\n"
        "  a: 1 is wrong\n"
        "  a: 2 is wrong\n"
        "  b: missing"
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
def test_a_path_as_it_is_written(path: tuple[str, ...], text: str) -> None:
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


def test_a_refused_value_says_what_was_found_what_was_expected_and_what_to_do() -> None:
    (problem,) = refused(
        ("a",),
        Code.MALFORMED,
        5,
        "is not even",
        expected="an even number",
        advice="Double it",
        relies_on=(("b",), ("c", "d")),
    )
    assert problem == Problem(
        ("a",),
        Code.MALFORMED,
        5,
        "5 is not even; expected an even number. Double it",
        relies_on=(("b",), ("c", "d")),
    )
    (short,) = refused(("a",), Code.RESERVED_NAME, "x", "is reserved")
    assert str(short) == 'a: "x" is reserved'


def test_a_missing_value_says_why_it_is_needed() -> None:
    (problem,) = missing(("a", "b"), "it has no default", "Add it")
    assert str(problem) == "a.b: missing; it has no default. Add it"


def test_only_a_close_name_is_suggested() -> None:
    assert closest("centrl", {"central", "contrary"}) == "Did you mean central?"
    assert closest(" Info", ("INFO", "DEBUG")) == "Did you mean INFO?"
    assert closest("us-middle-1", ("us-east-1", "me-central-1"), otherwise="Add it") == "Add it"
    assert closest("x", {"central"}) == ""


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("us-central-1", "eu-central-1"),
        ("eu-west-4", "eu-west-3"),
        ("us-east", "us-east-1"),
        ("east1", "west1"),
        ("count", "account"),
        ("logistic", "reg:logistic"),
    ],
)
def test_another_name_is_no_typing_error(written: str, known: str) -> None:
    assert closest(written, {known}) == ""


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("us-west1", "us-west-1"),
        ("us-esat-1", "us-east-1"),
        ("log_retention", "log_retention_days"),
        ("learning_rat", "learning_rate"),
    ],
)
def test_a_typing_error(written: str, known: str) -> None:
    assert closest(written, {known}) == f"Did you mean {known}?"


def test_known_names_are_listed_in_order() -> None:
    assert choice({"b", "a", "c"}) == "one of a, b, c"
    assert choice({"a"}) == "a"
    assert choice(()) == ""
