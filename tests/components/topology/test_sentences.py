"""How a refusal is put into words, beside those in docs/verification/configuration.md."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from components.aws.naming import Names
from components.topology.loading import load_topology, parsed
from components.topology.problems import (
    Problem,
    TopologyError,
    closest,
    dotted,
    listed,
    look_alikes,
    refused,
    shown,
)
from components.topology.shape import _model_in
from tests.topologies import minimal_topology

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


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ([], "topology: [] is not allowed: a mapping of keys to values; write that instead"),
        (
            "{accounts}",
            (
                'topology: "{accounts}" is not allowed: a mapping of keys to values; '
                "remove the quotes, or the | or > before it"
            ),
        ),
        (5, "topology: 5 is not allowed: a mapping of keys to values; write that instead"),
    ],
)
def test_no_mapping_at_all(value: object, sentence: str) -> None:
    with pytest.raises(TopologyError) as raised:
        load_topology(value, names=NAMES, root=Path())
    assert [str(problem) for problem in raised.value.problems] == [sentence]


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


def test_a_text_has_no_keys_of_its_own() -> None:
    with pytest.raises(TypeError, match="str'> names no model, so it has no keys of its own"):
        _model_in(str)


def test_names_are_listed_in_order() -> None:
    assert listed({"b", "a", "c"}) == "a, b, c"
    assert listed(()) == "none"


TRAINING = "ml_pipelines.west2.training"


@pytest.mark.parametrize(
    ("changes", "place", "relies_on"),
    [
        (
            {"accounts.central.deploy_role_arn": "deploy"},
            "accounts.central.deploy_role_arn",
            ["accounts.central.id", "hub.region"],
        ),
        (
            {"accounts.analytics.id": "111111111111"},
            "accounts.analytics.id",
            ["accounts.central.id"],
        ),
        ({"hub.account": "other"}, "hub.account", ["accounts.other"]),
        ({"hub.region": "cn-north-1"}, "data_pipelines.east1.region", ["hub.region"]),
        (
            {
                "hub.environment.airflow_version": "3.0.6",
                "hub.environment.webserver_access_mode": "PUBLIC_AND_PRIVATE",
            },
            "hub.environment.webserver_access_mode",
            ["hub.environment.airflow_version"],
        ),
        (
            {"hub.environment.schedulers": 9},
            "hub.environment.schedulers",
            ["hub.environment.class"],
        ),
        (
            {"hub.environment.min_workers": 9, "hub.environment.max_workers": 8},
            "hub.environment.min_workers",
            ["hub.environment.max_workers"],
        ),
        (
            {"hub.environment.min_webservers": 5, "hub.environment.max_webservers": 4},
            "hub.environment.min_webservers",
            ["hub.environment.max_webservers"],
        ),
        (
            {"ml_pipelines.west2.source": "other"},
            "ml_pipelines.west2.source",
            ["data_pipelines.other"],
        ),
        ({f"{TRAINING}.image": "mine"}, f"{TRAINING}.image", ["ml_pipelines.west2.region"]),
        (
            {"ml_pipelines.west2.region": "ap-southeast-6"},
            f"{TRAINING}.image",
            ["ml_pipelines.west2.region"],
        ),
    ],
)
def test_what_a_problem_is_concluded_from(
    changes: dict[str, object], place: str, relies_on: list[str]
) -> None:
    """Where one of these can't be read, nothing is said about it."""
    (problem,) = [each for each in problems(changes) if dotted(each.path) == place]
    assert [dotted(path) for path in problem.relies_on] == relies_on


def test_hyperparameters_are_bounded_in_number() -> None:
    many = {f"p{number}": "1" for number in range(97)}
    (problem,) = problems({f"{TRAINING}.hyperparameters": many})
    assert str(problem) == (
        f"{TRAINING}.hyperparameters: 101 hyperparameters are not allowed: "
        "100 together with the defaults; remove those that only repeat XGBoost's defaults"
    )


@pytest.mark.parametrize(
    "family",
    [
        *("g5", "g6", "g6e", "g7", "g7e", "p5", "p5e", "p5en", "p6-b200", "p6-b300"),
        *("p6e-gb200", "trn1", "trn1n", "trn2", "m5d", "c6gd", "p4d", "p4de"),
    ],
)
def test_no_instance_has_a_disk_of_its_own(family: str) -> None:
    (problem,) = problems({f"{TRAINING}.instance_type": f"ml.{family}.48xlarge"})
    assert "a type without disks of its own" in problem.allowed


@pytest.mark.parametrize("role", ["größe", "rôle", "\u0661"])
def test_letters_and_digits_are_those_of_ascii(role: str) -> None:
    arn = f"arn:aws:iam::111111111111:role/{role}"
    (problem,) = problems({"accounts.central.deploy_role_arn": arn})
    assert dotted(problem.path) == "accounts.central.deploy_role_arn"


def test_a_hyperparameter_may_have_capitals() -> None:
    allowed = {"Alpha_1": "x", "_A.b-C": "y"}
    topology = minimal_topology()
    topology["ml_pipelines"]["west2"]["training"] = {"hyperparameters": allowed}
    loaded = load_topology(topology, names=NAMES, root=Path())
    assert loaded.ml_pipelines["west2"].training.hyperparameters == allowed


def test_a_file_in_another_encoding_is_read_all_the_same(tmp_path: Path) -> None:
    text = "# Größe\n--constraint https://example.com/constraints-3.3.1/x.txt\n"
    (tmp_path / "requirements.txt").write_bytes(text.encode("latin-1"))
    topology = minimal_topology()
    topology["hub"]["environment"] = {"requirements_file": "requirements.txt"}
    load_topology(topology, names=NAMES, root=tmp_path)


def problems(changes: dict[str, object]) -> list[Problem]:
    """What is wrong with the small topology after `changes`, by dotted place."""
    topology = minimal_topology()
    for place, value in changes.items():
        *outer, last = place.split(".")
        inner = topology
        for key in outer:
            inner = inner.setdefault(key, {})
        inner[last] = value
    with pytest.raises(TopologyError) as raised:
        load_topology(topology, names=NAMES, root=Path())
    return list(raised.value.problems)
