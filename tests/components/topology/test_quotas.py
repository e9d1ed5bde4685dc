"""What is told, and not refused, before anything is created."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from components.topology.codes import Code
from components.topology.model import Topology
from components.topology.quotas import networks_by_region, roles_by_account, warnings
from tests.mocks import evaluate_stack, private_stack, stack_as_it_is
from tests.topologies import minimal_topology, private_topology, stack_topology


def topology(data: int, ml: int, class_: str = "mw1.2xlarge") -> dict[str, Any]:
    made = minimal_topology()
    here = {"account": "analytics", "region": "us-east-1"}
    made["hub"]["environment"] = {"class": class_}
    made["data_pipelines"] = {f"d{number}": here for number in range(data)}
    made["ml_pipelines"] = {f"m{number}": {**here, "source": "d0"} for number in range(ml)}
    return made


def found(value: dict[str, Any]) -> list[tuple[tuple[str, ...], Code, object]]:
    problems = warnings(Topology.model_validate(value))
    return [(problem.path, problem.code, problem.value) for problem in problems]


@pytest.mark.parametrize(
    ("class_", "capacity"), [("mw1.micro", 25), ("mw1.small", 50), ("mw1.medium", 250)]
)
def test_more_dags_than_the_class_is_made_for(class_: str, capacity: int) -> None:
    assert found(topology(capacity - 2, 2, class_)) == []
    assert found(topology(capacity - 1, 2, class_)) == [
        (("hub", "environment", "class"), Code.DAGS_ABOVE_CAPACITY, class_)
    ]


def test_a_class_that_is_not_known_has_no_capacity() -> None:
    assert found(topology(260, 0, "mw1.4xlarge")) == []


def test_more_roles_than_an_account_has_by_default() -> None:
    # Two of each data pipeline, two of the replication, three of each ML pipeline.
    assert found(topology(497, 1)) == []
    assert found(topology(498, 1)) == [
        (("accounts", "analytics"), Code.ROLES_ABOVE_QUOTA, "222222222222")
    ]


def test_backups_in_the_hubs_own_region() -> None:
    value = topology(1, 1)
    value["hub"]["backup"] = {"region": "us-west-2"}
    assert found(value) == []
    value["hub"]["backup"] = {"region": "us-east-1"}
    assert found(value) == [(("hub", "backup", "region"), Code.BACKUP_IN_HUB_REGION, "us-east-1")]


def test_more_networks_than_a_region_has_by_default() -> None:
    value = topology(3, 2)
    for pipeline in ("data_pipelines", "ml_pipelines"):
        value[pipeline] = {name: {**each, "network": {}} for name, each in value[pipeline].items()}
    assert found(value) == [(("accounts", "analytics"), Code.VPCS_ABOVE_QUOTA, "222222222222")]
    del value["ml_pipelines"]["m1"]["network"]
    assert found(value) == []


def test_the_networks_are_those_of_the_program() -> None:
    loaded = Topology.model_validate(private_topology())
    created = [entry.account_region for entry in private_stack().of_type("ec2/vpc:Vpc")]
    counted = networks_by_region(loaded)
    assert sum(counted.values()) == len(created)
    for (alias, region), made in counted.items():
        at = (loaded.accounts[alias].id, region)
        assert [(each.account_id, each.region) for each in created if each].count(at) == made


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_roles_are_those_of_the_program(stack: str) -> None:
    loaded = Topology.model_validate(stack_topology(stack))
    created = [entry.account_region for entry in stack_as_it_is(stack).of_type("iam/role:Role")]
    for alias, roles in roles_by_account(loaded).items():
        id_ = loaded.accounts[alias].id
        assert roles == len([each for each in created if each and each.account_id == id_])


@pytest.mark.verification
def test_the_program_warns(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", told.append)
    evaluate_stack("dev", topology=topology(26, 0, "mw1.micro"))
    (sentence,) = told
    assert sentence.startswith("hub.environment.class: ")
