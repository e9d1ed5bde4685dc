"""A hub and pipelines in existing networks, deployed as the local run deploys them."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from components.network.existing_network import existing_network
from components.topology.model import Network
from local.deployment.errors import DeploymentError
from local.deployment.stack_file import Stack
from local.run.accounts import Accounts
from local.run.existing_network import with_networks
from tests.local.deployment.conftest import Account
from tests.topologies import pipelines_of, stack_topology

KEY = "unified-pipelines:topology"
NAMED = {
    "vpc_id": "vpc-0123456789abcdef0",
    "subnet_ids": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    "security_group_ids": ["sg-0123456789abcdef0", "sg-0123456789abcdef1"],
}


def hub_in(account: Account, network: dict[str, Any]) -> Stack:
    topology = stack_topology("dev")
    topology["accounts"]["central"]["id"] = account.id
    topology["hub"] = {"account": "central", "region": account.region, "network": network}
    return Stack("unified-pipelines", "dev", {KEY: json.dumps(topology)})


def checked(account: Account, network: dict[str, Any]) -> dict[str, Any]:
    """What the environment would be given, as the program's own component finds it."""

    def program() -> None:
        parent = aws.ec2.Eip("parent", domain="vpc", opts=account.options())
        given = existing_network(Network.model_validate(network), parent)
        pulumi.export("subnets", given.subnet_ids)
        pulumi.export("groups", given.security_group_ids)

    return account.deploy(program).outputs


def test_the_network_is_made_and_the_program_finds_it(account: Account) -> None:
    stack = hub_in(account, NAMED)
    deployed = with_networks(stack, Accounts(account.endpoint))
    network = json.loads(deployed.config[KEY])["hub"]["network"]
    assert checked(account, network) == {
        "subnets": network["subnet_ids"],
        "groups": network["security_group_ids"],
    }
    before = json.loads(stack.config[KEY])
    before["hub"]["network"] = network
    assert json.loads(deployed.config[KEY]) == before


def test_a_stack_with_a_network_of_its_own_is_left_alone(account: Account) -> None:
    stack = hub_in(account, {"cidr_block": "10.7.0.0/16"})
    assert with_networks(stack, Accounts(account.endpoint)) is stack


def test_the_networks_of_pipelines_are_made_in_their_accounts_and_regions(account: Account) -> None:
    topology = json.loads(hub_in(account, {}).config[KEY])
    topology["accounts"]["analytics"]["id"] = account.id
    for pipeline in pipelines_of(topology).values():
        pipeline["network"] = NAMED
    stack = Stack("unified-pipelines", "dev", {KEY: json.dumps(topology)})
    deployed = json.loads(with_networks(stack, Accounts(account.endpoint)).config[KEY])
    for pipeline in pipelines_of(deployed).values():
        ec2 = Accounts(account.endpoint).client("ec2", account.id, pipeline["region"])
        network = pipeline["network"]
        found = ec2.describe_subnets(SubnetIds=network["subnet_ids"])["Subnets"]
        assert {each["VpcId"] for each in found} == {network["vpc_id"]}
        assert len({each["AvailabilityZone"] for each in found}) == len(found)
        assert len(network["security_group_ids"]) == len(NAMED["security_group_ids"])


def test_what_is_not_there_is_refused_by_its_path(account: Account) -> None:
    with pytest.raises(DeploymentError, match=r"hub\.network\.subnet_ids: .*0123456789abcdef1"):
        checked(account, NAMED)


def test_two_subnets_in_one_zone_are_refused(account: Account) -> None:
    stack = hub_in(account, NAMED)
    deployed = with_networks(stack, Accounts(account.endpoint))
    network = json.loads(deployed.config[KEY])["hub"]["network"]
    ec2 = account.client("ec2")
    (first,) = ec2.describe_subnets(SubnetIds=network["subnet_ids"][:1])["Subnets"]
    third = ec2.create_subnet(
        VpcId=network["vpc_id"], CidrBlock="10.0.9.0/24", AvailabilityZone=first["AvailabilityZone"]
    )
    network["subnet_ids"][1] = third["Subnet"]["SubnetId"]
    with pytest.raises(DeploymentError, match="different Availability Zones"):
        checked(account, network)
