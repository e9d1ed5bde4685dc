"""The deploy roles may do what the resource types' descriptions say that the provider calls.

The hub's account gets `deploy-foundation` and `deploy-hub`, a pipeline's account
`deploy-foundation` and `deploy-pipelines`.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path

import pytest

from components.aws.naming import HUB_OWNER
from local.deployment.services import PROVIDER_FUNCTIONS, RESOURCE_TYPES
from tests.contracts.invariants import Program
from tests.mocks import evaluate_stack, stack_as_it_is
from tests.permission_reasons import listed
from tests.topologies import stack_topology

POLICIES = Path(__file__).parents[2] / "policies"
EXISTING = {
    "vpc_id": "vpc-0123456789abcdef0",
    "subnet_ids": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    "security_group_ids": ["sg-0123456789abcdef0"],
}


def allowed(template: str) -> set[str]:
    """The actions that a template allows."""
    document = json.loads((POLICIES / f"deploy-{template}.json").read_text(encoding="utf-8"))
    return {
        action
        for statement in document["Statement"]
        if statement["Effect"] == "Allow"
        for action in listed(statement["Action"])
    }


@functools.cache
def programs() -> list[Program]:
    """The stack `prod`, whose network is its own, and `dev` in an existing network."""
    existing = stack_topology("dev")
    existing["hub"]["network"] = EXISTING
    return [
        Program(stack_topology("prod"), stack_as_it_is("prod")),
        Program(existing, evaluate_stack("dev", topology=existing)),
    ]


def needed(*, by_hub: bool) -> set[str]:
    """The actions that the hub's resources and calls need, or those of the pipelines."""
    found: set[str] = set()
    for program in programs():
        for entry in program.resources:
            if (program.top(entry) == HUB_OWNER) == by_hub:
                found.update(RESOURCE_TYPES[entry.type].deploy_actions)
        if by_hub:
            for call in program.recorded.invocations:
                found.update(PROVIDER_FUNCTIONS[call.token].deploy_actions)
    return found


@pytest.mark.parametrize(("by_hub", "template"), [(True, "hub"), (False, "pipelines")])
def test_an_account_s_deploy_role_may_do_all_that_is_needed(by_hub: bool, template: str) -> None:  # noqa: FBT001
    missing = needed(by_hub=by_hub) - allowed("foundation") - allowed(template)
    assert not missing, f"add to policies/deploy-{template}.json"


def test_no_template_allows_what_its_accounts_do_not_need() -> None:
    hub, pipelines = needed(by_hub=True), needed(by_hub=False)
    assert allowed("hub") <= hub
    assert allowed("pipelines") <= pipelines
    assert allowed("foundation") <= hub | pipelines


def test_every_description_is_of_something_that_the_program_uses() -> None:
    registered = {entry.type for program in programs() for entry in program.resources}
    called = {call.token for program in programs() for call in program.recorded.invocations}
    assert registered == set(RESOURCE_TYPES)
    assert called == set(PROVIDER_FUNCTIONS)
