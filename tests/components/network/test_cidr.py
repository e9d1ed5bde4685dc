"""The hub's subnets: four blocks inside the given one that never overlap."""

from __future__ import annotations

from ipaddress import IPv4Network
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.network.cidr import halves, plan_subnets, region_block
from components.topology.regions import REGIONS

RESERVED_BY_AWS = 5


@st.composite
def blocks(draw: st.DrawFn) -> IPv4Network:
    length = draw(st.integers(16, 24))
    start = draw(st.integers(0, 2**length - 1)) << (32 - length)
    return IPv4Network((start, length))


def test_example() -> None:
    plan = plan_subnets("10.192.0.0/16")
    assert plan.private == ("10.192.0.0/18", "10.192.64.0/18")
    assert plan.public == ("10.192.192.0/20", "10.192.208.0/20")


@given(blocks())
def test_subnets_lie_inside_and_apart(block: IPv4Network) -> None:
    plan = plan_subnets(str(block))
    subnets = [IPv4Network(subnet) for subnet in (*plan.public, *plan.private)]
    assert len(subnets) == 4
    assert all(subnet.subnet_of(block) for subnet in subnets)
    assert not any(one.overlaps(other) for one, other in combinations(subnets, 2))


@given(blocks())
def test_each_is_large_enough(block: IPv4Network) -> None:
    plan = plan_subnets(str(block))
    for private in plan.private:
        # Most of what an environment runs: 25 workers, 5 schedulers, 5 web servers, endpoints.
        assert IPv4Network(private).num_addresses - RESERVED_BY_AWS >= 50
    for public in plan.public:
        assert IPv4Network(public).prefixlen <= 28


@pytest.mark.parametrize(
    ("block", "reason"),
    [("10.0.0.1/16", "has host bits set"), ("ten", "'ten'"), ("10.0.0.0/33", "'33'")],
)
def test_refuses_what_is_no_block(block: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        plan_subnets(block)


POOLS = [IPv4Network("10.193.0.0/16"), IPv4Network("172.16.16.0/20")]


@given(st.sampled_from(POOLS), st.from_regex(r"[a-z]{2}-[a-z]{4,9}-[1-9]", fullmatch=True))
def test_a_region_s_network_lies_in_the_pool_and_has_two_subnets(
    pool: IPv4Network, region: str
) -> None:
    block = IPv4Network(region_block(str(pool), region))
    first, second = map(IPv4Network, halves(str(block)))
    assert block.subnet_of(pool)
    assert list(block.subnets()) == [first, second]
    # An endpoint has an address in each: there are at most five services.
    assert first.num_addresses - RESERVED_BY_AWS >= 5


def test_no_region_has_another_one_s_block() -> None:
    blocks = [IPv4Network(region_block("10.193.0.0/16", region)) for region in REGIONS]
    assert not any(one.overlaps(other) for one, other in combinations(blocks, 2))


def test_a_region_keeps_its_block() -> None:
    """Another one would replace the network, and cut off the runs that use it."""
    assert region_block("10.193.0.0/16", "us-west-2") == "10.193.153.64/26"
