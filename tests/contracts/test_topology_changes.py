"""A pipeline that comes, goes or moves in the file leaves every other pipeline alone."""

from __future__ import annotations

from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.mocks import Recorded, Registration, evaluate_stack
from tests.topologies import topologies

# An evaluation takes the better part of a second: few examples of a moderate size, and no search
# for a smaller one when one fails.
slow = settings(
    max_examples=max(1, settings().max_examples // 30),
    database=None,
    phases=[Phase.explicit, Phase.generate],
)
MOST_OF_A_KIND = 4


def moderate(topology: dict[str, Any]) -> dict[str, Any]:
    """The topology with the first few pipelines of each kind."""
    data = dict(list(topology["data_pipelines"].items())[:MOST_OF_A_KIND])
    learners = [(name, ml) for name, ml in topology["ml_pipelines"].items() if ml["source"] in data]
    return {
        **topology,
        "data_pipelines": data,
        "ml_pipelines": dict(learners[:MOST_OF_A_KIND]),
    }


def evaluate(topology: dict[str, Any]) -> Recorded:
    return evaluate_stack("dev", topology=topology)


def changed(before: Recorded, after: Recorded) -> list[Registration]:
    """What is registered otherwise than before, of what is registered both times."""
    both = set(before.registrations) & set(after.registrations)
    return [
        after.registrations[urn]
        for urn in sorted(both)
        if before.registrations[urn] != after.registrations[urn]
    ]


def without(topology: dict[str, Any], gone: str) -> dict[str, Any]:
    """The topology without the ML pipeline `gone`."""
    kept = {name: ml for name, ml in topology["ml_pipelines"].items() if name != gone}
    return {**topology, "ml_pipelines": kept}


def shuffled(draw: st.DrawFn, mapping: dict[str, Any]) -> dict[str, Any]:
    return {name: mapping[name] for name in draw(st.permutations(list(mapping)))}


@st.composite
def with_a_learner(draw: st.DrawFn) -> tuple[dict[str, Any], str]:
    """A topology, and the name of one of its ML pipelines."""
    topology = draw(topologies().map(moderate).filter(lambda one: one["ml_pipelines"]))
    return topology, draw(st.sampled_from(sorted(topology["ml_pipelines"])))


@st.composite
def reordered(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """A topology, and the same one in another order."""
    topology = draw(topologies().map(moderate))
    mappings = ("accounts", "data_pipelines", "ml_pipelines")
    return topology, {**topology, **{key: shuffled(draw, topology[key]) for key in mappings}}


@slow
@given(with_a_learner())
def test_an_added_pipeline_changes_only_what_lists_pipelines(
    case: tuple[dict[str, Any], str],
) -> None:
    topology, new = case
    before, after = evaluate(without(topology, new)), evaluate(topology)
    source = topology["ml_pipelines"][new]["source"]
    allowed = {
        "hub-connections-dags-topology",
        f"{source}-replication-rules",
        f"{source}-replication-policy",
    }
    names = {
        entry.name for entry in changed(before, after) if ":iam/policy:Policy" not in entry.type
    }
    assert names <= allowed
    assert "hub-connections-dags-topology" in names


@slow
@given(with_a_learner())
def test_a_removed_pipeline_takes_nothing_of_another_with_it(
    case: tuple[dict[str, Any], str],
) -> None:
    topology, gone = case
    before, after = evaluate(topology), evaluate(without(topology, gone))
    providers = {entry.name for entry in before.of_type("pulumi:providers:aws")}
    removed = {
        before.registrations[urn].name
        for urn in set(before.registrations) - set(after.registrations)
    }
    source = topology["ml_pipelines"][gone]["source"]
    for name in removed - providers:
        belongs = name == gone or name.startswith((f"{gone}-", f"hub-connections-{gone}"))
        last_of_its_kind = name.startswith((f"{source}-replication", "hub-connections-assume-"))
        assert belongs or last_of_its_kind, name


@slow
@given(reordered())
def test_order_changes_nothing(case: tuple[dict[str, Any], dict[str, Any]]) -> None:
    one, other = case
    first, second = evaluate(one), evaluate(other)
    assert first.registrations == second.registrations
    assert first.stack_outputs() == second.stack_outputs()
