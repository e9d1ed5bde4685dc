"""A hub in an existing network, deployed as the local run deploys it."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from components.aws.naming import Names
from components.network.existing_network import existing_network
from components.topology.loading import load_topology
from components.topology.model import Network
from local.deployment.errors import DeploymentError
from local.deployment.stack_file import Stack
from local.run.accounts import Accounts
from local.run.existing_network import with_network
from local.run.plan import Plan, plan_of
from local.run.run_directory import CHECKOUT
from tests.local.deployment.conftest import Account
from tests.topologies import stack_topology

KEY = "unified-pipelines:topology"
NAMED = {
    "vpc_id": "vpc-0123456789abcdef0",
    "subnet_ids": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    "security_group_ids": ["sg-0123456789abcdef0", "sg-0123456789abcdef1"],
}


def hub_in(account: Account, network: dict[str, Any]) -> tuple[Stack, Plan]:
    topology = stack_topology("dev")
    topology["accounts"]["central"]["id"] = account.id
    topology["hub"] = {"account": "central", "region": account.region, "network": network}
    names = Names(project="unified-pipelines", stack="dev")
    plan = plan_of(load_topology(topology, names=names, root=CHECKOUT), names)
    return Stack("unified-pipelines", "dev", {KEY: json.dumps(topology)}), plan


def checked(account: Account, network: dict[str, Any]) -> dict[str, Any]:
    """What the environment would be given, as the program's own component finds it."""

    def program() -> None:
        parent = aws.ec2.Eip("parent", domain="vpc", opts=account.options())
        given = existing_network(Network.model_validate(network), parent)
        pulumi.export("subnets", given.subnet_ids)
        pulumi.export("groups", given.security_group_ids)

    return account.deploy(program).outputs


def test_the_network_is_made_and_the_program_finds_it(account: Account) -> None:
    stack, plan = hub_in(account, NAMED)
    deployed = with_network(stack, plan, Accounts(account.endpoint))
    network = json.loads(deployed.config[KEY])["hub"]["network"]
    assert checked(account, network) == {
        "subnets": network["subnet_ids"],
        "groups": network["security_group_ids"],
    }
    before = json.loads(stack.config[KEY])
    before["hub"]["network"] = network
    assert json.loads(deployed.config[KEY]) == before


def test_a_stack_with_a_network_of_its_own_is_left_alone(account: Account) -> None:
    stack, plan = hub_in(account, {"cidr_block": "10.7.0.0/16"})
    assert with_network(stack, plan, Accounts(account.endpoint)) is stack


def test_what_is_not_there_is_refused_by_its_path(account: Account) -> None:
    with pytest.raises(DeploymentError, match=r"hub\.network\.subnet_ids: .*0123456789abcdef1"):
        checked(account, NAMED)


def test_two_subnets_in_one_zone_are_refused(account: Account) -> None:
    stack, plan = hub_in(account, NAMED)
    deployed = with_network(stack, plan, Accounts(account.endpoint))
    network = json.loads(deployed.config[KEY])["hub"]["network"]
    ec2 = account.client("ec2")
    (first,) = ec2.describe_subnets(SubnetIds=network["subnet_ids"][:1])["Subnets"]
    third = ec2.create_subnet(
        VpcId=network["vpc_id"], CidrBlock="10.0.9.0/24", AvailabilityZone=first["AvailabilityZone"]
    )
    network["subnet_ids"][1] = third["Subnet"]["SubnetId"]
    with pytest.raises(DeploymentError, match="different Availability Zones"):
        checked(account, network)
