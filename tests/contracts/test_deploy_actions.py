"""The deploy roles may do what the resource types' descriptions say that the provider calls.

The hub's account gets the policies `foundation`, `hub` and `network`, with a private network also
`private-network`, a pipeline's account `foundation` and `pipelines`, with networks of its pipelines
also `pipeline-networks`. A key's own policy allows the rest.
"""

from __future__ import annotations

import dataclasses
import functools

import pytest

from components.aws.customer_key_policy import administration, grants_for_environment
from local.deployment.services import PROVIDER_FUNCTIONS, RESOURCE_TYPES
from local.deployment.services.iam.oidc_providers import OIDC_PROVIDER
from tests.contracts.evaluated_policies import deploy, scope
from tests.contracts.invariants import Program
from tests.mocks import evaluate_stack, private_stack, stack_as_it_is, transit_stack
from tests.permission_reasons import listed
from tests.topologies import pipelines_of, private_topology, stack_topology, transit_topology

ROLE = "arn:aws:iam::111111111111:role/deploy"
EXISTING = {
    "vpc_id": "vpc-0123456789abcdef0",
    "subnet_ids": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    "security_group_ids": ["sg-0123456789abcdef0"],
}

HUB = ("hub", "hub-functions", "network", "private-network", "transit-gateways")
PIPELINES = ("pipelines", "pipeline-networks")

KEYS = {
    "foundation": administration(ROLE, "us-east-1"),
    "hub": [grants_for_environment(ROLE)],
}
"""What keys' own policies allow the deploy role, beside the policy of that name."""


def allowed(*names: str) -> set[str]:
    """The actions that these policies of a deploy role allow, and the keys' own beside them."""
    both = dataclasses.replace(
        scope("dev", "111111111111"),
        has_pipelines=True,
        has_networks=True,
        is_private=True,
        endpoint_regions=("us-west-2",),
        has_transit_gateways=True,
        backup_region="us-west-2",
    )
    documents = deploy(both)
    return {
        action
        for name in names
        for statement in [*documents[name]["Statement"], *KEYS.get(name, [])]
        if statement["Effect"] == "Allow"
        for action in listed(statement["Action"])
    }


@functools.cache
def programs() -> list[Program]:
    """The stack `prod`, whose network has NAT, and `dev` in private and in existing networks.

    The private ones are joined to other Regions in either way.
    """
    existing, private = stack_topology("dev"), private_topology()
    for part in (existing["hub"], *pipelines_of(existing).values()):
        part["network"] = EXISTING
    return [
        Program(private, private_stack()),
        Program(transit_topology(), transit_stack()),
        Program(stack_topology("prod"), stack_as_it_is("prod")),
        Program(existing, evaluate_stack("dev", topology=existing)),
    ]


def needed(*, by_hub: bool) -> set[str]:
    """The actions that the hub's resources and calls need, or those of the pipelines."""
    found: set[str] = set()
    for program in programs():
        for entry in program.resources:
            if program.is_hubs(program.top(entry)) == by_hub:
                found.update(RESOURCE_TYPES[entry.type].deploy_actions)
        hub = program.account_region_of(program.topology["hub"])
        for call in program.recorded.invocations:
            if (call.account_region.account_id == hub.account_id) == by_hub:
                found.update(PROVIDER_FUNCTIONS[call.token].deploy_actions)
    return found


@pytest.mark.parametrize(("by_hub", "names"), [(True, HUB), (False, PIPELINES)])
def test_an_account_s_deploy_role_may_do_all_that_is_needed(
    by_hub: bool,  # noqa: FBT001
    names: tuple[str, ...],
) -> None:
    missing = needed(by_hub=by_hub) - allowed("foundation", *names)
    if not by_hub:
        missing -= {"vpce:AllowMultiRegion"}  # no endpoint of a pipeline is in another Region
    assert not missing, f"add to bootstrap/policies: {names}"


def test_no_policy_allows_what_its_accounts_do_not_need() -> None:
    hub, pipelines = needed(by_hub=True), needed(by_hub=False)
    assert allowed(*HUB) <= hub
    assert allowed(*PIPELINES) <= pipelines
    assert allowed("foundation") <= hub | pipelines


def test_every_description_is_of_something_that_the_program_uses() -> None:
    registered = {entry.type for program in programs() for entry in program.resources}
    registered.add(OIDC_PROVIDER.token)  # The bootstrap's, where GitHub is to enter.
    called = {call.token for program in programs() for call in program.recorded.invocations}
    assert registered == set(RESOURCE_TYPES)
    assert called == set(PROVIDER_FUNCTIONS)
