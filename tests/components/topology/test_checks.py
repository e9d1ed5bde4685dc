"""Rules among many pipelines, which no single change of a small topology can break."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from components.aws.naming import CROSS_ACCOUNT_ROLE, Names
from components.connections.assume_role_policies import assume_role_policies
from components.replication.policies import MAX_DESTINATIONS
from components.replication.priority import replication_priority
from components.topology.codes import Code
from components.topology.loading import load_topology
from components.topology.problems import Problem, TopologyError, dotted
from components.topology.rules import pipeline_limits
from tests.topologies import minimal_topology

HERE = Path(__file__).parent
EQUAL_PRIORITIES = ("tzgroi", "ucklqj")
"""Two names found by search whose replication priorities are equal."""
EQUAL_BUCKETS = ("westafvhcjyz", "westsbjlttgd")
"""Two names found by search whose buckets in ap-southeast-2 have one name in stack `staging`."""


def problems(value: dict[str, Any], stack: str = "dev") -> tuple[Problem, ...]:
    names = Names(project="unified-pipelines", stack=stack)
    with pytest.raises(TopologyError) as caught:
        load_topology(value, names=names, root=HERE)
    return caught.value.problems


def found(value: dict[str, Any], stack: str = "dev") -> list[tuple[str, Code, object]]:
    """Path, code and value of each problem."""
    return [
        (dotted(problem.path), problem.code, problem.value) for problem in problems(value, stack)
    ]


def relied_on(problem: Problem) -> list[str]:
    return [dotted(path) for path in problem.relies_on]


def load(value: dict[str, Any], stack: str = "dev") -> None:
    load_topology(value, names=Names(project="unified-pipelines", stack=stack), root=HERE)


def with_ml_pipelines(names: list[str], **values: str) -> dict[str, Any]:
    """The minimal topology with other ML pipelines, all of one source."""
    pipeline = {"account": "analytics", "region": "us-west-2", "source": "east1", **values}
    return {**minimal_topology(), "ml_pipelines": {name: dict(pipeline) for name in names}}


class TestReplicationPriorities:
    """S3 refuses two rules of one priority, so two destinations of one source differ in theirs."""

    def test_equal_ones_are_refused(self) -> None:
        one, other = EQUAL_PRIORITIES
        assert replication_priority(one) == replication_priority(other)
        assert found(with_ml_pipelines([other, one])) == [
            (f"ml_pipelines.{other}", Code.DUPLICATE_REPLICATION_PRIORITY, other)
        ]

    def test_it_is_concluded_from_the_source(self) -> None:
        one, other = EQUAL_PRIORITIES
        (problem,) = problems(with_ml_pipelines([one, other]))
        assert relied_on(problem) == [f"ml_pipelines.{other}.source"]

    def test_different_sources_may_have_equal_ones(self) -> None:
        topology = with_ml_pipelines(list(EQUAL_PRIORITIES))
        topology["data_pipelines"]["east2"] = {"account": "analytics", "region": "us-east-1"}
        topology["ml_pipelines"][EQUAL_PRIORITIES[0]]["source"] = "east2"
        load(topology)


class TestNumberOfDestinations:
    """A source's replication role names all its destinations, and a role's policy is bounded."""

    def test_as_many_as_the_policy_holds_are_allowed(self) -> None:
        load(with_ml_pipelines([f"m{number}" for number in range(MAX_DESTINATIONS)]))

    def test_one_more_is_refused(self) -> None:
        many = with_ml_pipelines([f"m{number}" for number in range(MAX_DESTINATIONS + 1)])
        assert found(many) == [("data_pipelines.east1", Code.TOO_MANY, MAX_DESTINATIONS + 1)]

    def test_only_the_unknown_source_is_reported(self) -> None:
        names = [f"m{number}" for number in range(MAX_DESTINATIONS + 1)]
        assert found(with_ml_pipelines([*names, *EQUAL_PRIORITIES], source="nowhere")) == sorted(
            (f"ml_pipelines.{name}.source", Code.UNKNOWN_SOURCE, "nowhere")
            for name in (*names, *EQUAL_PRIORITIES)
        )

    def test_a_source_that_is_not_there_hides_no_other(self) -> None:
        topology = with_ml_pipelines([f"m{number}" for number in range(MAX_DESTINATIONS + 2)])
        topology["ml_pipelines"]["m0"]["source"] = "aaa"
        assert found(topology) == [
            ("data_pipelines.east1", Code.TOO_MANY, MAX_DESTINATIONS + 1),
            ("ml_pipelines.m0.source", Code.UNKNOWN_SOURCE, "aaa"),
        ]


class TestNumberOfPipelines:
    """The hub's execution role names every pipeline's role, in ten policies that IAM bounds."""

    def longest(self, topology: dict[str, Any]) -> int:
        names = Names(project="unified-pipelines", stack="dev")
        roles = {
            name: f"arn:aws:iam::222222222222:role/{names.role(name, CROSS_ACCOUNT_ROLE)}"
            for name in [*topology["data_pipelines"], *topology["ml_pipelines"]]
        }
        return max(map(len, assume_role_policies(roles).values()))

    def test_as_many_as_the_policies_hold_are_allowed(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        topology = with_ml_pipelines([f"m{number}" for number in range(MAX_DESTINATIONS)])
        monkeypatch.setattr(pipeline_limits, "MANAGED_POLICY_LIMIT", self.longest(topology))
        load(topology)

    def test_a_character_more_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        topology = with_ml_pipelines([f"m{number}" for number in range(MAX_DESTINATIONS)])
        longest = self.longest(topology)
        monkeypatch.setattr(pipeline_limits, "MANAGED_POLICY_LIMIT", longest - 1)
        assert found(topology) == [("topology", Code.TOO_MANY, MAX_DESTINATIONS + 1)]

    def test_hundreds_are_refused_before_anything_is_registered(self) -> None:
        pipeline = {"account": "analytics", "region": "us-east-1"}
        topology = {
            **minimal_topology(),
            "data_pipelines": {f"pipeline{number}": pipeline for number in range(900)},
            "ml_pipelines": {},
        }
        assert found(topology) == [("topology", Code.TOO_MANY, 900)]

    def test_an_unusable_name_or_account_is_reported_by_itself(self) -> None:
        topology = with_ml_pipelines(["Wrong", "west2"])
        topology["ml_pipelines"]["west2"]["account"] = "nobody"
        assert found(topology) == [
            ("ml_pipelines.Wrong", Code.MALFORMED, "Wrong"),
            ("ml_pipelines.west2.account", Code.UNKNOWN_ACCOUNT, "nobody"),
        ]


class TestBucketNames:
    """Two pipelines never get one bucket: us-east-1 would let the second one take it silently."""

    def test_equal_ones_are_refused(self) -> None:
        one, other = EQUAL_BUCKETS
        topology = with_ml_pipelines([one, other], region="ap-southeast-2")
        assert found(topology, "staging") == [
            (f"ml_pipelines.{other}", Code.DUPLICATE_BUCKET_NAME, other)
        ]

    def test_it_is_concluded_from_account_and_region(self) -> None:
        one, other = EQUAL_BUCKETS
        (problem,) = problems(with_ml_pipelines([one, other], region="ap-southeast-2"), "staging")
        assert relied_on(problem) == ["accounts.analytics.id", f"ml_pipelines.{other}.region"]

    @pytest.mark.parametrize("wrong", [{"account": "nobody"}, {}])
    def test_a_wrong_pipeline_hides_no_other(self, wrong: dict[str, str]) -> None:
        topology = with_ml_pipelines(["first", *EQUAL_BUCKETS], region="ap-southeast-2")
        first = {**topology["ml_pipelines"].pop("first"), **wrong}
        name = "first" if wrong else "First"
        topology["ml_pipelines"] = {name: first, **topology["ml_pipelines"]}
        codes = {code for _, code, _ in found(topology, "staging")}
        assert codes == {
            Code.DUPLICATE_BUCKET_NAME,
            Code.UNKNOWN_ACCOUNT if wrong else Code.MALFORMED,
        }

    def test_another_region_tells_them_apart(self) -> None:
        topology = with_ml_pipelines(list(EQUAL_BUCKETS), region="ap-southeast-2")
        topology["ml_pipelines"][EQUAL_BUCKETS[0]]["region"] = "us-west-2"
        load(topology, "staging")


class TestOneAccountAndRegion:
    """Everything may stand in one account and Region; names keep it apart."""

    def test_is_allowed(self) -> None:
        topology = minimal_topology()
        for part in (topology["hub"], *topology["ml_pipelines"].values()):
            part["region"] = "us-east-1"
        for part in (topology["hub"], *topology["data_pipelines"].values()):
            part["account"] = "analytics"
        load(topology)
