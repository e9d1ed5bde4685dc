"""The hub's subnets: four blocks inside the given one that never overlap."""

from __future__ import annotations

from ipaddress import IPv4Network
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.network.cidr import plan_subnets

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
