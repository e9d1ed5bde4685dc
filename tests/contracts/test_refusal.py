"""A wrong topology is refused in plain words, before anything is registered."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from tests.mocks import RecordingMonitor, evaluate_stack
from tests.topologies import minimal_topology


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The types registered while a test runs, the stack itself left out."""
    types: list[str] = []
    register = RecordingMonitor.RegisterResource

    def recording(self: RecordingMonitor, request: Any) -> Any:
        types.append(request.type)
        return register(self, request)

    monkeypatch.setattr(RecordingMonitor, "RegisterResource", recording)
    return types


def others_than_the_stack(types: list[str]) -> list[str]:
    return [each for each in types if each != "pulumi:pulumi:Stack"]


def test_every_error_is_reported_and_nothing_is_registered(registered: list[str]) -> None:
    topology = minimal_topology()
    topology["hub"]["region"] = "nowhere"
    topology["permission_boundary"] = "misspelled"
    # Pulumi prints a RunError without a traceback, and anything else with one.
    with pytest.raises(pulumi.RunError) as refusal:
        evaluate_stack("dev", topology=topology)
    assert "hub.region" in str(refusal.value)
    assert "permission_boundary" in str(refusal.value)
    assert others_than_the_stack(registered) == []


@pytest.mark.parametrize(
    "text",
    ["accounts:\n  central: {}", '{"accounts": {}, }', '"{}"'],
    ids=["YAML", "comma", "string"],
)
def test_a_string_instead_of_a_mapping_is_refused(registered: list[str], text: str) -> None:
    with pytest.raises(pulumi.RunError) as refusal:
        evaluate_stack("dev", config={"unified-pipelines:topology": text})
    _, problem = str(refusal.value).splitlines()
    assert problem.startswith("  topology: ")
    assert others_than_the_stack(registered) == []


def test_a_stack_that_no_name_can_be_made_of_is_refused(registered: list[str]) -> None:
    with pytest.raises(
        pulumi.RunError, match=r"stack .* with a letter or a digit; rename the stack"
    ):
        evaluate_stack("dev", name="organisation/unified-pipelines/")
    assert others_than_the_stack(registered) == []


def test_a_correct_topology_is_registered(registered: list[str]) -> None:
    evaluate_stack("dev", topology=minimal_topology())
    assert "unified-pipelines:index:MwaaHub" in others_than_the_stack(registered)
