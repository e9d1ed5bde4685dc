"""An existing network, which AWS is asked about before the environment goes into it."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from tests.mock_outputs import EXISTING_VPC
from tests.mocks import Recorded, RecordingMonitor, evaluate_stack
from tests.topologies import stack_topology

SUBNETS = ["subnet-0123456789abcdef1", "subnet-0123456789abcdef0"]
GROUP = "sg-0123456789abcdef0"


def with_network(
    *,
    vpc_id: str = EXISTING_VPC,
    subnet_ids: list[str] = SUBNETS,
    group: str = GROUP,
    preview: bool = False,
) -> Recorded:
    topology = stack_topology("dev")
    topology["hub"]["network"] = {
        "vpc_id": vpc_id,
        "subnet_ids": subnet_ids,
        "security_group_ids": [group],
    }
    return evaluate_stack("dev", topology=topology, preview=preview)


@pytest.mark.parametrize("preview", [False, True])
def test_the_environment_is_given_what_the_topology_says_in_its_order(*, preview: bool) -> None:
    network = with_network(preview=preview).one("Environment").inputs["networkConfiguration"]
    assert network == {"subnetIds": SUBNETS, "securityGroupIds": [GROUP]}


ELSEWHERE = "subnet-0123456789abcdeff"


@pytest.mark.parametrize(
    ("changed", "path", "named"),
    [
        ({"subnet_ids": [SUBNETS[0], ELSEWHERE]}, "subnet_ids", [f'"{ELSEWHERE}"', EXISTING_VPC]),
        ({"group": "sg-0123456789abcdeff"}, "security_group_ids", ['"sg-0123456789abcdeff"']),
        ({"vpc_id": "vpc-0123456789abcdeff"}, "subnet_ids", SUBNETS),
        ({"vpc_id": "vpc-0123456789abcdeff"}, "security_group_ids", [GROUP]),
        (
            {"subnet_ids": [SUBNETS[0], "subnet-0123456789abcdef2"]},
            "subnet_ids",
            ["us-east-1b"],
        ),
        (
            {"subnet_ids": [SUBNETS[0], "subnet-0123456789abcdef3"]},
            "subnet_ids",
            ['"subnet-0123456789abcdef3"', "use1-az3"],
        ),
    ],
)
def test_a_network_that_is_otherwise_is_refused_at_preview(
    monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any], path: str, named: list[str]
) -> None:
    registered: list[str] = []
    register = RecordingMonitor.RegisterResource

    def recording(self: RecordingMonitor, request: Any) -> Any:
        registered.append(request.type)
        return register(self, request)

    monkeypatch.setattr(RecordingMonitor, "RegisterResource", recording)
    with pytest.raises(pulumi.RunError) as refusal:
        with_network(**changed, preview=True)
    (line, *_) = [each for each in str(refusal.value).splitlines() if path in each]
    assert line.startswith(f"hub.network.{path}: ")
    assert all(text in str(refusal.value) for text in named)
    assert "aws:mwaa/environment:Environment" not in registered
