"""Rules among many pipelines, which no single change of a small topology can break."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from components.aws.naming import CROSS_ACCOUNT_ROLE, Names
from components.connections.assume_role_policies import assume_role_policies
from components.replication.policies import MAX_DESTINATIONS
from components.replication.priority import replication_priority
from components.topology.loading import load_topology
from components.topology.problems import Problem, TopologyError, dotted
from components.topology.rules import pipelines
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


def refusal(value: dict[str, Any], stack: str = "dev") -> list[str]:
    return [str(problem) for problem in problems(value, stack)]


def relied_on(problem: Problem) -> list[str]:
    return [dotted(path) for path in problem.relies_on]


def load(value: dict[str, Any], stack: str = "dev") -> None:
    load_topology(value, names=Names(project="unified-pipelines", stack=stack), root=HERE)


def with_learners(names: list[str], **place: str) -> dict[str, Any]:
    """The minimal topology with other ML pipelines, all of one source."""
    pipeline = {"account": "analytics", "region": "us-west-2", "source": "east1", **place}
    return {**minimal_topology(), "ml_pipelines": {name: dict(pipeline) for name in names}}


class TestReplicationPriorities:
    """S3 refuses two rules of one priority, so two destinations of one source differ in theirs."""

    def test_equal_ones_are_refused(self) -> None:
        one, other = EQUAL_PRIORITIES
        assert replication_priority(one) == replication_priority(other)
        (problem,) = refusal(with_learners([other, one]))
        assert problem.startswith(f'ml_pipelines.{other}: "{other}" is not allowed')
        assert f"differs from that of {one}, which has the same source; rename" in problem

    def test_it_is_concluded_from_the_source(self) -> None:
        one, other = EQUAL_PRIORITIES
        (problem,) = problems(with_learners([one, other]))
        assert relied_on(problem) == [f"ml_pipelines.{other}.source"]

    def test_different_sources_may_have_equal_ones(self) -> None:
        topology = with_learners(list(EQUAL_PRIORITIES))
        topology["data_pipelines"]["east2"] = {"account": "analytics", "region": "us-east-1"}
        topology["ml_pipelines"][EQUAL_PRIORITIES[0]]["source"] = "east2"
        load(topology)


class TestNumberOfDestinations:
    """A source's replication role names all its destinations, and a role's policy is bounded."""

    def test_as_many_as_the_policy_holds_are_allowed(self) -> None:
        load(with_learners([f"m{number}" for number in range(MAX_DESTINATIONS)]))

    def test_one_more_is_refused(self) -> None:
        (problem,) = refusal(
            with_learners([f"m{number}" for number in range(MAX_DESTINATIONS + 1)])
        )
        assert problem == (
            f"data_pipelines.east1: {MAX_DESTINATIONS + 1} ML pipelines that learn from it are "
            f"not allowed: {MAX_DESTINATIONS}, for S3 takes one replication role per bucket, whose "
            "policy names them all; let some of them learn from another data pipeline"
        )

    def test_learners_of_no_source_are_told_so_alone(self) -> None:
        names = [f"m{number}" for number in range(MAX_DESTINATIONS + 1)]
        found = problems(with_learners([*names, *EQUAL_PRIORITIES], source="nowhere"))
        assert [dotted(problem.path) for problem in found] == sorted(
            f"ml_pipelines.{name}.source" for name in (*names, *EQUAL_PRIORITIES)
        )

    def test_a_source_that_is_not_there_hides_no_other(self) -> None:
        topology = with_learners([f"m{number}" for number in range(MAX_DESTINATIONS + 2)])
        topology["ml_pipelines"]["m0"]["source"] = "aaa"
        assert len(refusal(topology)) == 2


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
        topology = with_learners([f"m{number}" for number in range(MAX_DESTINATIONS)])
        monkeypatch.setattr(pipelines, "MANAGED_POLICY_LIMIT", self.longest(topology))
        load(topology)

    def test_a_character_more_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        topology = with_learners([f"m{number}" for number in range(MAX_DESTINATIONS)])
        longest = self.longest(topology)
        monkeypatch.setattr(pipelines, "MANAGED_POLICY_LIMIT", longest - 1)
        (problem,) = refusal(topology)
        assert problem == (
            f"topology: {MAX_DESTINATIONS + 1} pipelines are not allowed: about "
            f"{MAX_DESTINATIONS}, for a policy of the hub's execution role names their roles and "
            f"would have {longest} characters, of which IAM takes {longest - 1}; give some of them "
            "a stack, and so a hub, of their own"
        )

    def test_hundreds_are_refused_before_anything_is_made(self) -> None:
        place = {"account": "analytics", "region": "us-east-1"}
        topology = {
            **minimal_topology(),
            "data_pipelines": {f"pipeline{number}": place for number in range(900)},
            "ml_pipelines": {},
        }
        (problem,) = refusal(topology)
        assert problem.startswith("topology: 900 pipelines are not allowed: about ")
        assert "of which IAM takes 6144" in problem

    def test_an_unusable_name_or_account_is_told_by_itself(self) -> None:
        topology = with_learners(["Wrong", "west2"])
        topology["ml_pipelines"]["west2"]["account"] = "nobody"
        assert len(refusal(topology)) == 2


class TestBucketNames:
    """Two pipelines never get one bucket: us-east-1 would let the second one take it silently."""

    def test_equal_ones_are_refused(self) -> None:
        one, other = EQUAL_BUCKETS
        (problem,) = refusal(with_learners([one, other], region="ap-southeast-2"), "staging")
        assert problem.startswith(f'ml_pipelines.{other}: "{other}" is not allowed')
        assert "unified-pipelines-staging-we-0bdbf6-222222222222-ap-southeast-2" in problem
        assert f"which is that of {one}; rename" in problem

    def test_it_is_concluded_from_the_place(self) -> None:
        one, other = EQUAL_BUCKETS
        (problem,) = problems(with_learners([one, other], region="ap-southeast-2"), "staging")
        assert relied_on(problem) == ["accounts.analytics.id", f"ml_pipelines.{other}.region"]

    @pytest.mark.parametrize("wrong", [{"account": "nobody"}, {}])
    def test_a_wrong_pipeline_hides_no_other(self, wrong: dict[str, str]) -> None:
        topology = with_learners(["first", *EQUAL_BUCKETS], region="ap-southeast-2")
        first = {**topology["ml_pipelines"].pop("first"), **wrong}
        name = "first" if wrong else "First"
        topology["ml_pipelines"] = {name: first, **topology["ml_pipelines"]}
        assert len(refusal(topology, "staging")) == 2

    def test_another_region_tells_them_apart(self) -> None:
        topology = with_learners(list(EQUAL_BUCKETS), region="ap-southeast-2")
        topology["ml_pipelines"][EQUAL_BUCKETS[0]]["region"] = "us-west-2"
        load(topology, "staging")


class TestOnePlace:
    """Everything may stand in one account and Region; names keep it apart."""

    def test_is_allowed(self) -> None:
        topology = minimal_topology()
        for part in (topology["hub"], *topology["ml_pipelines"].values()):
            part["region"] = "us-east-1"
        for part in (topology["hub"], *topology["data_pipelines"].values()):
            part["account"] = "analytics"
        load(topology)
