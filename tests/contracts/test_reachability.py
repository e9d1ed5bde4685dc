"""What tasks, jobs and functions can reach, in each kind of network, and what nothing can."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Network
from typing import Any

import pytest
from hypothesis import Phase, given, settings

from tests.contracts.reachability import (
    PUBLIC,
    Networks,
    Work,
    of_function,
    of_glue_job,
    of_training,
)
from tests.contracts.transit import Transit
from tests.mocks import Recorded, evaluate_stack, private_stack, stack_as_it_is, transit_stack
from tests.topologies import pipelines_of, stack_topology, topologies, transit_topology

HUB, FAR = "us-east-1", "us-west-2"
STRANGER = "999999999999"
PYPI = "pypi.org"

OF_ENVIRONMENT = ("logs", "sqs", "kms", "monitoring", "secretsmanager", "api.airflow", "s3", "sts")
OF_DATA = ("glue", "s3", "sts")
OF_ML = ("api.sagemaker", "lambda", "s3", "sts")

LOSSES = {
    "hub-us-west-2-sagemaker-api-zone": "api.sagemaker",
    "hub-us-west-2-sagemaker-api-record": "api.sagemaker",
    "hub-us-west-2-private-1-route-1": None,
    "endpoints-us-west-2-peering-accepter": "sts",
    "endpoints-us-west-2-peering-route-2": "sts",
    "endpoints-us-west-2-from-hub-1": "sts",
    "hub-us-west-2-to-endpoints-1": None,
    "hub-us-west-2-s3-endpoint": "s3",
    "hub-network-to-endpoints": "lambda",
}
"""Resources, and a service of the other Region that is out of reach without each: None where the
second zone still leads there."""


TRANSIT_LOSSES = {
    "hub-transit-network-association": "sts",
    "hub-transit-peers-route-1": "sts",
    "hub-us-west-2-transit-peering-association": "sts",
    "hub-us-west-2-transit-peering-route-2": None,
    "endpoints-us-west-2-peering-accepter": "sts",
    "endpoints-us-west-2-peering-route-1": "sts",
    "endpoints-us-west-2-transit-attachment": "sts",
    "endpoints-us-west-2-transit-network-association": "sts",
    "endpoints-us-west-2-transit-peers-route-1": None,
    "endpoints-us-west-2-transit-peering-association": "sts",
    "endpoints-us-west-2-transit-peering-route-1": "sts",
}
"""The same where transit gateways join the networks."""


def stack(mode: str) -> Recorded:
    if mode == "transit":
        return transit_stack()
    return private_stack() if mode == "private" else stack_as_it_is("dev")


def hosts(topology: dict[str, Any]) -> set[str]:
    """All that the environment and the DAGs call."""
    own = topology["hub"]["region"]
    called = {f"{service}.{own}.amazonaws.com" for service in OF_ENVIRONMENT}
    for kind, services in (("data_pipelines", OF_DATA), ("ml_pipelines", OF_ML)):
        for pipeline in topology[kind].values():
            called |= {f"{service}.{pipeline['region']}.amazonaws.com" for service in services}
    return called


def unreached(topology: dict[str, Any], recorded: Recorded) -> dict[str, list[str]]:
    """By account of the stack, the hosts that its principals can't call."""
    in_use = {part["account"] for part in (topology["hub"], *pipelines_of(topology).values())}
    accounts = [topology["accounts"][alias]["id"] for alias in in_use]
    return {
        account_id: missing
        for account_id in accounts
        if (missing := [h for h in hosts(topology) if not Networks(recorded, account_id).reach(h)])
    }


@pytest.mark.parametrize("mode", ["nat", "private", "transit"])
def test_a_task_reaches_all_that_the_dags_call(mode: str) -> None:
    topology = transit_topology() if mode == "transit" else stack_topology("dev")
    assert unreached(topology, stack(mode)) == {}


def test_nothing_reaches_the_internet_from_a_private_network() -> None:
    private, nat = (Networks(stack(mode), "111111111111") for mode in ("private", "nat"))
    assert private.ways_out() == []
    assert Networks(stack("transit"), "111111111111").ways_out() == []
    assert nat.ways_out() != []
    for host in (PYPI, "s3.eu-west-1.amazonaws.com", f"glue.{FAR}.amazonaws.com"):
        assert nat.reach(host)
        assert not private.reach(host)


def test_another_account_reaches_nothing_through_the_endpoints() -> None:
    stranger = Networks(stack("private"), STRANGER)
    assert not any(map(stranger.reach, hosts(stack_topology("dev"))))


@pytest.mark.parametrize(
    ("mode", "gone", "lost"),
    [
        *(("private", *each) for each in LOSSES.items()),
        *(("transit", *each) for each in TRANSIT_LOSSES.items()),
    ],
)
def test_each_part_is_needed(mode: str, gone: str, lost: str | None) -> None:
    networks = Networks(stack(mode), "222222222222", without=[gone])
    assert networks.reach(f"{lost or 'sts'}.{FAR}.amazonaws.com") == (lost is None)
    assert networks.reach(f"logs.{HUB}.amazonaws.com") == (gone != "hub-network-to-endpoints")


def test_transit_gateways_lead_from_the_hub_and_back_and_nowhere_else() -> None:
    """At each gateway, for all that may come in there, not only by the networks' routes."""
    recorded = transit_stack()
    transit = Transit(list(recorded))
    networks = {
        entry.inputs["vpcId"]: entry for entry in recorded.of_type("vpcAttachment:VpcAttachment")
    }
    blocks = [
        (each.inputs["vpcId"], IPv4Network(each.inputs["cidrBlock"]))
        for each in recorded.of_type("ec2/subnet:Subnet")
        if each.inputs["vpcId"] in networks
    ]
    hub = recorded.one("ec2/vpc:Vpc", "hub-network-vpc").outputs["id"]
    led = {
        (source, vpc, transit.forwarded(entry.inputs["transitGatewayId"], entry.outputs["id"], to))
        for source, entry in networks.items()
        for vpc, to in [*blocks, ("internet", PUBLIC)]
    }
    others = set(networks) - {hub}
    assert len(others) == 2
    joined = {(hub, other) for other in others} | {(other, hub) for other in others}
    assert {(source, vpc) for source, vpc, found in led if found} == joined
    assert all(found in (None, vpc) for _, vpc, found in led)
    peerings = [each.outputs["id"] for each in recorded.of_type("PeeringAttachment")]
    gateway = networks[hub].inputs["transitGatewayId"]
    for vpc, to in blocks:
        found = {transit.forwarded(gateway, peering, to) for peering in peerings}
        assert found == {hub if vpc == hub else None}


OWNER = "222222222222"
"""The account of both pipelines."""

OF_WORK = {
    "glue job": (lambda: of_glue_job(private_stack(), "east1"), HUB, ("s3", "glue", "monitoring")),
    "training": (lambda: of_training(private_stack(), "west2"), FAR, ("s3",)),
    "function": (lambda: of_function(private_stack(), "west2"), FAR, ("s3",)),
}
"""What work in a network of its pipeline's own calls there, in its Region."""

of_work = pytest.mark.parametrize(("work", "region", "services"), OF_WORK.values(), ids=OF_WORK)


@of_work
def test_work_in_a_network_of_its_own_reaches_what_it_calls_and_nothing_else(
    work: Callable[[], Work], region: str, services: tuple[str, ...]
) -> None:
    called = {f"{service}.{region}.amazonaws.com" for service in services}
    others = {PYPI, "s3.eu-west-1.amazonaws.com"}
    others |= {f"{service}.{region}.amazonaws.com" for service in ("sts", "ec2", "lambda")}
    owner, stranger = (
        Networks(private_stack(), account_id, work=work()) for account_id in (OWNER, STRANGER)
    )
    assert {host for host in called | others if owner.reach(host)} == called
    assert not any(map(stranger.reach, called | others))
    assert owner.meet()


@pytest.mark.parametrize(
    ("gone", "lost"),
    [
        ("east1-network-to-s3", "s3"),
        ("east1-network-s3-endpoint", "s3"),
        ("east1-network-to-endpoints", "glue"),
        ("east1-network-endpoints-from-work", "monitoring"),
        ("east1-network-monitoring-endpoint", "monitoring"),
    ],
)
def test_each_part_of_a_pipeline_s_network_is_needed(gone: str, lost: str) -> None:
    work = of_glue_job(private_stack(), "east1")
    networks = Networks(private_stack(), OWNER, without=[gone], work=work)
    assert not networks.reach(f"{lost}.{HUB}.amazonaws.com")


@pytest.mark.verification
@settings(max_examples=1, database=None, phases=[Phase.generate], deadline=None)
@given(topologies(6))
def test_so_it_is_with_any_pipelines(topology: dict[str, Any]) -> None:
    topology["hub"]["network"] = {"mode": "private"}
    topology["hub"].pop("environment", None)
    recorded = evaluate_stack("dev", topology=topology)
    assert unreached(topology, recorded) == {}
    assert Networks(recorded, STRANGER).ways_out() == []
