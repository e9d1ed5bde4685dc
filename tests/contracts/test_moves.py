"""Where an account or a Region of a part changes, nothing is looked for in the new one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.contracts.release_changes import changes
from tests.contracts.released import Resources, entries
from tests.mocks import evaluate_stack, stack_as_it_is
from tests.topologies import stack_topology

OF_ALL_REGIONS = ("iam/", "budgets/", "route53/")


def another_id(topology: dict[str, Any]) -> None:
    topology["accounts"]["analytics"]["id"] = "999999999999"


def ids_exchanged(topology: dict[str, Any]) -> None:
    central, analytics = topology["accounts"]["central"], topology["accounts"]["analytics"]
    central["id"], analytics["id"] = analytics["id"], central["id"]


def another_account(topology: dict[str, Any]) -> None:
    topology["data_pipelines"]["east1"]["account"] = "central"


def another_region(topology: dict[str, Any]) -> None:
    topology["ml_pipelines"]["west2"]["region"] = "eu-west-1"


def hub_in_another_region(topology: dict[str, Any]) -> None:
    topology["hub"]["region"] = "us-east-2"


def in_place(before: Resources, now: Resources) -> list[str]:
    """What has another account or Region and would neither be made there nor replaced."""
    replaced = {each.name for each in changes(before, now) if each.does == "replace"}
    found = []
    for urn in set(before) & set(now):
        old, new, type_ = before[urn], now[urn], urn.partition("::")[0].rpartition("aws:")[2]
        regional = not type_.startswith(OF_ALL_REGIONS)
        moved = old.account_id != new.account_id or (regional and old.region != new.region)
        if moved and urn.partition("::")[2] not in replaced:
            found.append(urn)
    return found


@pytest.mark.verification
@pytest.mark.parametrize(
    "move", [another_id, ids_exchanged, another_account, another_region, hub_in_another_region]
)
def test_a_move_makes_everything_again_under_names_that_are_free(
    move: Callable[[dict[str, Any]], None],
) -> None:
    topology = stack_topology("dev")
    move(topology)
    before, now = entries(stack_as_it_is("dev")), entries(evaluate_stack("dev", topology=topology))
    assert in_place(before, now) == []
    found = changes(before, now)
    assert any(each.does == "replace" for each in found)
    assert [each for each in found if "is taken" in each.because] == []
