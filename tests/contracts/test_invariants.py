"""Every topology's program keeps every invariant, and a broken program is found.

The breaks are the other half: an invariant whose check lets a broken program pass holds nothing.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from local.deployment.services import RESOURCE_TYPES
from tests.contracts.broken_components import BREAKS
from tests.contracts.invariants import (
    Program,
    Topology,
    misplaced,
    names_out_of_bounds,
    names_taken_twice,
    strangers,
    written_twice,
)
from tests.contracts.moved_resources import moved
from tests.mocks import evaluate_stack
from tests.topologies import (
    MAX_ACCOUNTS,
    MAX_PIPELINES,
    REGIONS,
    accounts_and_regions_of,
    large_topology,
    pipelines_of,
    sources_of,
    stack_topology,
    topologies,
)
from tests.verification import Table

pytestmark = [pytest.mark.costly, pytest.mark.verification]

STACK_NAMES = ("dev", "staging", "production-europe", "Team.A_b")
"""Names of stacks; all but the first make the longest prefix there is, or a shortened one."""

CHECKS: Mapping[str, Callable[[Program], list[str]]] = {
    "account_region": misplaced,
    "strangers": strangers,
    "once": written_twice,
    "unique": names_taken_twice,
    "limits": names_out_of_bounds,
}

# An evaluation takes about a tenth of a second per pipeline.
some = settings(database=None, phases=[Phase.explicit, Phase.generate], max_examples=5)


def program(topology: Topology, name: str = "dev") -> Program:
    return Program(topology, evaluate_stack("dev", topology=topology, name=name))


def violations(topology: Topology, name: str) -> list[str]:
    """Everything that is wrong with what a topology evaluates to."""
    evaluated = program(topology, name)
    return [sentence for check in CHECKS.values() for sentence in check(evaluated)]


def without(topology: Topology, gone: str) -> Topology:
    """The topology less one pipeline and all that train on it, or less one access."""
    return {
        **topology,
        "access": {k: v for k, v in topology.get("access", {}).items() if k != gone},
        "data_pipelines": {k: v for k, v in topology["data_pipelines"].items() if k != gone},
        "ml_pipelines": {
            k: v
            for k, v in topology["ml_pipelines"].items()
            if k != gone and gone not in sources_of(v)
        },
    }


def removable(topology: Topology) -> list[str]:
    """The pipelines that no ML pipeline trains on."""
    sources = {each for ml in topology["ml_pipelines"].values() for each in sources_of(ml)}
    return sorted(set(pipelines_of(topology)) - sources)


@st.composite
def with_one_to_remove(draw: st.DrawFn) -> tuple[Topology, str]:
    """A topology, and a pipeline of it that no ML pipeline trains on."""
    topology = draw(topologies())
    return topology, draw(st.sampled_from(removable(topology)))


@st.composite
def reordered(draw: st.DrawFn) -> tuple[Topology, Topology]:
    """A topology, and the same one in another order."""
    topology = draw(topologies())
    shuffled = {
        key: {name: topology[key][name] for name in draw(st.permutations(list(topology[key])))}
        for key in ("accounts", "data_pipelines", "ml_pipelines")
    }
    return topology, {**topology, **shuffled}


def check_removal(case: tuple[Topology, str]) -> None:
    topology, gone = case
    assert moved(program(topology), program(without(topology, gone)), gone) == []


def check_order(case: tuple[Topology, Topology]) -> None:
    one, other = (program(topology).recorded for topology in case)
    assert one.registrations == other.registrations
    assert one.stack_outputs() == other.stack_outputs()


class TestAnyTopology:
    """Random topologies of up to 20 pipelines, and the largest one."""

    @pytest.mark.parametrize("name", STACK_NAMES[-2:])
    def test_the_largest_keeps_every_invariant(self, name: str) -> None:
        assert violations(large_topology(), name) == []

    @some
    @given(topologies(), st.sampled_from(STACK_NAMES))
    def test_a_random_one_keeps_every_invariant(self, topology: Topology, name: str) -> None:
        assert violations(topology, name) == []

    @some
    @given(with_one_to_remove())
    def test_a_pipeline_comes_and_goes_alone(self, case: tuple[Topology, str]) -> None:
        check_removal(case)

    @some
    @given(reordered())
    def test_order_changes_nothing(self, case: tuple[Topology, Topology]) -> None:
        check_order(case)

    def test_a_pipeline_of_the_largest_comes_and_goes_alone(self) -> None:
        check_removal((large_topology(), "topology"))

    def test_an_access_comes_and_goes_alone(self) -> None:
        check_removal((large_topology(), "reports"))

    def test_the_only_pipeline_with_uploads_takes_the_backups_endpoint_over(self) -> None:
        """A network takes one endpoint of Airflow, which an alias hands on."""
        topology = stack_topology("dev")
        topology["hub"]["backup"] = {"region": "us-west-2"}
        topology["data_pipelines"]["east1"]["start"] = {"on_upload": "raw/*.csv"}
        check_removal(({**topology, "ml_pipelines": {}}, "east1"))


REACHED: Mapping[str, Callable[[Topology], bool]] = {
    "20 pipelines": lambda one: len(pipelines_of(one)) == MAX_PIPELINES,
    "5 accounts in use": lambda one: (
        len({a for a, _ in accounts_and_regions_of(one)}) == MAX_ACCOUNTS
    ),
    "6 Regions in use": lambda one: (
        len({r for _, r in accounts_and_regions_of(one)}) == len(REGIONS)
    ),
    "all three at once": lambda one: (
        len(pipelines_of(one)) > 15
        and len({a for a, _ in accounts_and_regions_of(one)}) == MAX_ACCOUNTS
        and len({r for _, r in accounts_and_regions_of(one)}) == len(REGIONS)
    ),
    "one account": lambda one: len(one["accounts"]) == 1,
    "several of both kinds": lambda one: min(map(len, _kinds(one))) > 2,
    "no ML pipeline": lambda one: not one["ml_pipelines"],
    "many that train on one": lambda one: len(_largest_share(one)) > 5,
    "one in another account than its source": lambda one: any(
        ml["account"] != one["data_pipelines"][source]["account"]
        for ml in one["ml_pipelines"].values()
        for source in sources_of(ml)
    ),
    "one with several sources, each in another account": lambda one: any(
        len(sources_of(ml)) > 1
        and len({one["data_pipelines"][each]["account"] for each in sources_of(ml)}) > 1
        for ml in one["ml_pipelines"].values()
    ),
    "an existing network": lambda one: "vpc_id" in one["hub"].get("network", {}),
    "the smallest class": lambda one: one["hub"].get("environment", {}).get("class") == "mw1.micro",
    "names of which one begins another": lambda one: any(
        a != b and b.startswith(a) for a, b in itertools.permutations(pipelines_of(one), 2)
    ),
    "names of full length": lambda one: any(len(name) == 12 for name in pipelines_of(one)),
    "aliases that differ in a separator": lambda one: {"a-b", "a_b"} <= set(one["accounts"]),
    "uploads that start runs": lambda one: any(
        "on_upload" in data.get("start", {}) for data in one["data_pipelines"].values()
    ),
    "a permissions boundary": lambda one: "permissions_boundary" in one,
    "tags and protected data": lambda one: bool(one.get("tags")) and one.get("protect_data", False),
    "a deploy role": lambda one: any("deploy_role_arn" in a for a in one["accounts"].values()),
}
"""What some of the random topologies have to be, or the tests above hold less than they say."""


def _kinds(topology: Topology) -> list[Topology]:
    return [topology["data_pipelines"], topology["ml_pipelines"]]


def _largest_share(topology: Topology) -> list[Any]:
    sources = [each for ml in topology["ml_pipelines"].values() for each in sources_of(ml)]
    return max(([one for one in sources if one == source] for source in sources), default=[])


@cache
def drawn() -> list[Topology]:
    """200 of the random topologies, always the same ones."""
    found: list[Topology] = []
    many_of_them = settings(
        max_examples=200,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )

    @many_of_them
    @given(topologies())
    def draw(topology: Topology) -> None:
        found.append(topology)

    draw()
    return found


@pytest.mark.parametrize("kind", REACHED)
def test_the_random_topologies_reach(kind: str) -> None:
    assert any(REACHED[kind](topology) for topology in drawn())


def medium_topology() -> Topology:
    """Two sources in one account and Region, and four ML pipelines there and elsewhere."""
    here = {"account": "a", "region": "us-east-1"}
    elsewhere = {"account": "a_b", "region": "us-east-1"}
    return {
        "accounts": {"a": {"id": "1" * 12}, "a_b": {"id": "2" * 12}},
        "hub": here,
        "data_pipelines": {"w": here, "we": here},
        "ml_pipelines": {
            "west22": {**here, "source": "w"},
            "dags": {**here, "region": "eu-central-1", "source": "w"},
            "westwest": {**elsewhere, "region": "us-west-2", "source": "we"},
            "bucket": {**elsewhere, "source": "we"},
        },
    }


def found_by(invariant: str) -> str:
    """What the check of an invariant says of the medium topology, all of it."""
    topology = medium_topology()
    if invariant == "urn":
        with pytest.raises(ValueError, match="registered") as failure:
            program(topology)
        return str(failure.value)
    if invariant == "alone":
        return "\n".join(moved(program(topology), program(without(topology, "bucket")), "bucket"))
    if invariant == "order":
        turned = dict(reversed(topology["ml_pipelines"].items()))
        one, other = program(topology), program({**topology, "ml_pipelines": turned})
        return "differs" * (one.recorded.registrations != other.recorded.registrations)
    return "\n".join(CHECKS[invariant](program(topology)))


@pytest.mark.parametrize("invariant", [*CHECKS, "alone", "order"])
def test_the_unbroken_program_keeps(invariant: str) -> None:
    assert found_by(invariant) == ""


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_program_is_found_out(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    BREAKS[name].how(monkeypatch)
    assert BREAKS[name].said in found_by(BREAKS[name].invariant)


SENTENCES: Mapping[str, tuple[str, str]] = {
    "account_region": (
        "every resource is in its own account and Region",
        "test_a_random_one_keeps_every_invariant",
    ),
    "strangers": (
        "no principal, action or ARN of one pipeline is in another's policies",
        "test_a_random_one_keeps_every_invariant",
    ),
    "once": (
        "a bucket has one policy, and one replication configuration if an ML pipeline trains on it",
        "test_a_random_one_keeps_every_invariant",
    ),
    "urn": ("URNs are unique", "the recording mock, under every test that evaluates a program"),
    "unique": (
        "physical names are unique where AWS takes a name once",
        "test_a_random_one_keeps_every_invariant",
    ),
    "limits": (
        "physical names and policies are within AWS's limits",
        "test_a_random_one_keeps_every_invariant",
    ),
    "alone": (
        """a pipeline that comes or goes changes no resource of another, but for its own entries
        in the hub's lists, topology.json and its source's replication, whose other rules stay""",
        "test_a_pipeline_comes_and_goes_alone",
    ),
    "order": ("the order in the file changes nothing", "test_order_changes_nothing"),
}
"""Each invariant in words, and the test that holds it."""


def test_the_page_of_invariants(hold_table: Callable[[Table], None]) -> None:
    assert {each.invariant for each in BREAKS.values()} == set(SENTENCES)
    hold_table(
        Table(
            name="invariants",
            title="Invariants of the program",
            text=f"""
What holds for every topology, each with the mistakes that its check was seen to find. Every line is
a case of `test_a_broken_program_is_found_out` in `tests/contracts/test_invariants.py`, which breaks
a component and expects the check to say so, each time it runs. The topologies are random ones of up
to {MAX_PIPELINES} pipelines over {MAX_ACCOUNTS} accounts and {len(REGIONS)} Regions
(`tests/topologies.py`): {some.max_examples} for each test.
`test_the_random_topologies_reach` sees that among them are: {"; ".join(REACHED)}.
""",
            columns=["invariant", "held by", "seen to fail when", "what the check says"],
            rows=[
                (*SENTENCES[each.invariant], name, f"... {each.said} ...")
                for name, each in BREAKS.items()
            ],
        )
    )


def test_the_page_of_limits(hold_table: Callable[[Table], None]) -> None:
    longest = _longest()
    hold_table(
        Table(
            name="limits",
            title="Names and policies within AWS's limits",
            text="""
What AWS allows of every name and policy that the program makes, and the longest that the topology
of 20 pipelines in `tests/topologies.py` has in a stack of a long name. The limits are in the
descriptions of the resource types, `local/deployment/services`. A type that has a name or a policy
and no limit of it fails `test_a_random_one_keeps_every_invariant` in `tests/contracts`.
""",
            columns=["resource", "allowed", "longest", "unique in", "source"],
            rows=[*_names(longest), *_documents(longest)],
        )
    )


def _names(longest: Mapping[str, int]) -> Iterator[Sequence[str]]:
    for token, described in sorted(RESOURCE_TYPES.items()):
        if limit := described.name_limit:
            allowed = f"{limit.least} to {limit.most}, `{limit.pattern}`"
            yield token, allowed, f"{longest[token]:,}", limit.unique_in or "-", limit.source


def _documents(longest: Mapping[str, int]) -> Iterator[Sequence[str]]:
    for token, described in sorted(RESOURCE_TYPES.items()):
        for key, limit in described.document_limits.items():
            half = 2 * longest[f"{token} {key}"] < limit.most
            # Roughly, so that a word more in a policy is none in the page.
            share = "less than half" if half else "more than half"
            yield f"{token}, {key}", f"to {limit.most:,}", share, "-", limit.source


def _longest() -> dict[str, int]:
    """The most characters of a name, and of a policy, by resource type."""
    found: dict[str, int] = {}
    topology = large_topology()
    topology["hub"]["network"] = {"mode": "private"}
    del topology["access"]  # which a private network refuses
    for pipeline in pipelines_of(topology).values():
        pipeline["network"] = {}
    for entry in program(topology, STACK_NAMES[-2]).resources:
        if limit := RESOURCE_TYPES[entry.type].name_limit:
            most = max(len(name) for name in limit.names(entry.inputs))
            found[entry.type] = max(most, found.get(entry.type, 0))
        for document in entry.policies:
            name = f"{entry.type} {document.path}"
            found[name] = max(len(document.text), found.get(name, 0))
    return found
