"""A pipeline may say itself whether its data is protected."""

from __future__ import annotations

from tests.mocks import evaluate_stack
from tests.topologies import stack_topology


def test_one_pipeline_of_a_protected_stack_can_be_let_go() -> None:
    topology = {**stack_topology("dev"), "protect_data": True}
    topology["data_pipelines"]["east1"]["protect_data"] = False
    recorded = evaluate_stack("dev", topology=topology)

    protected = {entry.name.split("-")[0] for entry in recorded if entry.protect}
    assert "east1" not in protected
    assert protected >= {"hub", "west2"}
    logs = {
        each.name: each.protect for each in recorded if each.name.endswith("access-logs-bucket")
    }
    assert [name for name, protect in logs.items() if not protect] == [
        "222222222222-us-east-1-access-logs-bucket"
    ]
    assert len(logs) == 3
    (bucket,) = [each for each in recorded.of_type("Bucket") if each.name.startswith("east1-")]
    assert bucket.inputs["forceDestroy"]
