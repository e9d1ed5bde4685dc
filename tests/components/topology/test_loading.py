"""The topology as a user writes it: what loads, and what is refused with which problems."""

from __future__ import annotations

import contextlib
import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.topology.codes import Code
from components.topology.loading import load_topology
from components.topology.model import Topology
from components.topology.problems import TopologyError, dotted
from tests.components.topology.changed_topologies import (
    HERE,
    NAMES,
    cases,
    changed,
    entries,
    refusal,
)
from tests.topologies import topologies

FOUND_AMONG_MANY_PIPELINES = {
    Code.DUPLICATE_BUCKET_NAME,
    Code.DUPLICATE_REPLICATION_PRIORITY,
}
"""Codes that no single change of a small topology gives: test_checks.py has them."""
OWN_IMAGE = {
    "ml_pipelines.west2.training.algorithm": "custom",
    "ml_pipelines.west2.training.image": "123456789012.dkr.ecr.us-west-2.amazonaws.com/model:1",
}
"""With it, a hyperparameter may have any name."""
FOUND_AT_PREVIEW = {Code.NOT_IN_VPC, Code.SAME_ZONE, Code.ZONE_WITHOUT_FARGATE}
"""Codes that only AWS's answers give: tests/components/network has them."""
WARNED_OF = {
    *(Code.VPCS_ABOVE_QUOTA, Code.DAGS_ABOVE_CAPACITY, Code.ROLES_ABOVE_QUOTA),
    Code.BACKUP_IN_HUB_REGION,
}
"""Codes of what isn't refused: test_quotas.py has them."""


class TestOneMistake:
    """A single mistake gives a single problem: its path, its code and the value."""

    @pytest.mark.parametrize("entry", cases("wrong_topologies.yaml"))
    def test_is_refused(self, entry: dict[str, Any], root: Path) -> None:
        topology = changed(entry)
        (problem,) = refusal(topology, root).problems
        assert dotted(problem.path) == entry["path"]
        assert problem.code == entry["code"]
        found = list(problem.value) if isinstance(problem.value, tuple) else problem.value
        expected = entry["value"] if "value" in entry else value_at(topology, problem.path)
        # Text, because NaN is unequal to itself and 1 is equal to True.
        assert repr(found) == repr(expected)

    @pytest.mark.parametrize("entry", cases("allowed_topologies.yaml"))
    def test_no_mistake_loads(self, entry: dict[str, Any], root: Path) -> None:
        load_topology(changed(entry), names=NAMES, root=root)

    def test_every_code_has_a_case(self) -> None:
        found = {entry["code"] for entry in entries("wrong_topologies.yaml")}
        assert found == set(Code) - FOUND_AMONG_MANY_PIPELINES - FOUND_AT_PREVIEW - WARNED_OF


def value_at(topology: Any, path: tuple[str, ...]) -> object:
    """What stands at `path`; None where there is nothing."""
    for key in path:
        topology = topology.get(key) if isinstance(topology, dict) else None
    value: object = topology
    return value


class TestSeveralMistakes:
    """All mistakes are reported at once, whether of shape or of rule, in the order of paths."""

    def test_all_are_listed(self, root: Path) -> None:
        error = refusal(
            changed(
                {
                    "set": {
                        "accounts.central.id": 111111111111,
                        "hub.environment.max_workers": 0,
                        "hub.environment.schedulers": "3",
                        "hub.environmnt": {},
                        "data_pipelines.east1.region": 5,
                        "data_pipelines.east1.raw_key": "x",
                        "ml_pipelines.west2.source": "east",
                        "ml_pipelines.other": {"account": "analytics"},
                        "tags": {"project": "x"},
                    }
                }
            ),
            root,
        )
        assert [dotted(problem.path) for problem in error.problems] == [
            "accounts.central.id",
            "data_pipelines.east1.raw_key",
            "data_pipelines.east1.region",
            "hub.environment.max_workers",
            "hub.environment.schedulers",
            "hub.environmnt",
            "ml_pipelines.other.region",
            "ml_pipelines.other.source",
            "ml_pipelines.west2.source",
            "tags.project",
        ]

    @pytest.mark.parametrize(
        ("unreadable", "would_follow"),
        [
            ({"accounts.analytics.id": 5}, {"accounts.central.id": "111111111111"}),
            ({"accounts": 5}, {}),
            ({"hub": 5}, {"data_pipelines.east1.region": "cn-north-1"}),
            ({"hub.region": 5}, {"data_pipelines.east1.region": "cn-north-1"}),
            (
                {"accounts.central.id": 5},
                {"accounts.central.deploy_role_arn": "arn:aws:iam::999999999999:role/x"},
            ),
            ({"data_pipelines": 5}, {}),
            ({"data_pipelines.east1": 5}, {}),
            ({"hub.environment.max_workers": "5"}, {"hub.environment.min_workers": 20}),
            ({"hub.environment.class": 5}, {"hub.environment.schedulers": 1}),
            (
                {"hub.environment.airflow_version": 3.0},
                {"hub.environment.requirements_file": "folder/other.txt"},
            ),
            (
                {"ml_pipelines.west2.region": 5},
                {"ml_pipelines.west2.training.image": "1" * 12 + ".dkr.ecr.eu-west-1.x/y:1"},
            ),
            (
                {"ml_pipelines.west2.training.hyperparameters": 5},
                {},
            ),
            (
                {"hub.network.subnet_ids": 5},
                {
                    "hub.network.vpc_id": "vpc-11111111",
                    "hub.network.security_group_ids": ["sg-11111111"],
                },
            ),
        ],
    )
    def test_nothing_is_concluded_from_what_cannot_be_read(
        self, unreadable: dict[str, Any], would_follow: dict[str, Any], root: Path
    ) -> None:
        error = refusal(changed({"set": {**unreadable, **would_follow}}), root)
        assert {dotted(problem.path) for problem in error.problems} == set(unreadable)


class TestWhatIsNoTopology:
    """Any value in a stack's configuration is refused with a problem, never a traceback."""

    def test_none(self, root: Path) -> None:
        (problem,) = refusal(None, root).problems
        assert (problem.path, problem.code, problem.value) == ((), Code.MISSING, None)

    @pytest.mark.parametrize("value", [[], "topology", 5, True])
    def test_no_mapping(self, value: object, root: Path) -> None:
        (problem,) = refusal(value, root).problems
        assert (problem.path, problem.code, problem.value) == ((), Code.NOT_A_MAPPING, value)

    def test_empty(self, root: Path) -> None:
        paths = [problem.path for problem in refusal({}, root).problems]
        assert paths == [("accounts",), ("data_pipelines",), ("hub",)]

    @given(
        path=st.sampled_from(
            [
                "accounts",
                "accounts.central",
                "accounts.central.id",
                "hub",
                "hub.environment",
                "hub.network.subnet_ids",
                "data_pipelines.east1.glue",
                "ml_pipelines.west2.training.hyperparameters",
                "ml_pipelines",
                "tags",
            ]
        ),
        value=st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.text(max_size=5) | st.integers() | st.none() | st.booleans(),
                    inner,
                    max_size=3,
                )
            ),
            max_leaves=8,
        ),
    )
    def test_anything_anywhere_loads_or_is_refused(self, path: str, value: object) -> None:
        topology = changed({"set": {path: value}})
        before = copy.deepcopy(topology)
        with contextlib.suppress(TopologyError):
            load_topology(topology, names=NAMES, root=HERE)
        assert repr(topology) == repr(before)


class TestValues:
    """What was written arrives as AWS takes it."""

    def test_numbers_and_booleans_become_strings_as_json_writes_them(self, root: Path) -> None:
        written = {"a": 50, "b": 0.2, "c": True, "d": False, "e": "1e-5", "f": 1e-05, "g": -1}
        loaded = load_topology(
            changed(
                {
                    "set": {
                        **OWN_IMAGE,
                        "ml_pipelines.west2.training.hyperparameters": written,
                        "hub.environment.configuration_options": {
                            f"core.{key}": value for key, value in written.items()
                        },
                    }
                }
            ),
            names=NAMES,
            root=root,
        )
        texts = {
            "a": "50",
            "b": "0.2",
            "c": "true",
            "d": "false",
            "e": "1e-5",
            "f": "1e-05",
            "g": "-1",
        }
        assert loaded.ml_pipelines["west2"].training.hyperparameters == texts
        assert loaded.hub.environment.configuration_options == {
            f"core.{key}": text for key, text in texts.items()
        }

    def test_hyperparameters_are_counted(self, root: Path) -> None:
        path = "ml_pipelines.west2.training.hyperparameters"
        most = {f"p{number}": 1 for number in range(100)}
        load_topology(changed({"set": {**OWN_IMAGE, path: most}}), names=NAMES, root=root)
        too_many = changed({"set": {**OWN_IMAGE, path: {**most, "one": 1}}})
        (problem,) = refusal(too_many, root).problems
        assert (dotted(problem.path), problem.code) == (path, Code.TOO_MANY)
        assert problem.value == 101

    @pytest.mark.parametrize(
        ("path", "longest"),
        [
            ("data_pipelines.east1.raw_key", "raw/" + "x" * 1020),
            ("data_pipelines.east1.label_column", "x" * 255),
            ("hub.environment.configuration_options", {"core.x": "x" * 65_536}),
            ("ml_pipelines.west2.training.hyperparameters", {"x" * 256: "y" * 2500}),
            ("tags", {"x" * 128: "y" * 256}),
            ("accounts.central.deploy_role_arn", "arn:aws:iam::111111111111:role/" + "x" * 64),
            ("permissions_boundary", "x" * 128),
            (
                "ml_pipelines.west2.training.image",
                "1" * 12 + ".dkr.ecr.us-west-2.amazonaws.com/" + "x" * 205 + ":1234",
            ),
        ],
    )
    def test_longest_strings(self, path: str, longest: Any, root: Path) -> None:
        load_topology(changed({"set": {**OWN_IMAGE, path: longest}}), names=NAMES, root=root)
        if isinstance(longest, str):
            too_long: list[Any] = [longest + "x"]
        else:
            ((key, value),) = longest.items()
            too_long = [{key + "x": value}, {key: value + "x"}]
        if path.endswith("configuration_options"):
            too_long = too_long[1:]
        for value in too_long:
            wrong = changed({"set": {**OWN_IMAGE, path: value}})
            (problem,) = refusal(wrong, root).problems
            assert dotted(problem.path).startswith(path)
            assert len(str(problem)) < 1000


@given(topologies())
def test_random_topologies_load(value: dict[str, Any]) -> None:
    loaded = load_topology(value, names=NAMES, root=HERE)
    assert isinstance(loaded, Topology)
    assert list(loaded.data_pipelines) == list(value["data_pipelines"])
    assert list(loaded.ml_pipelines) == list(value["ml_pipelines"])
