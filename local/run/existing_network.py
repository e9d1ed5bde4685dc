"""The network that a topology expects to exist, made for the local run.

The embedded AWS starts empty, and EC2 chooses every part's id: the network is made before the
deployment, and its ids go into the topology. Nothing else of a stack is changed.
"""

from __future__ import annotations

import json
from dataclasses import replace

from local.deployment.stack_file import Stack
from local.run.accounts import Accounts
from local.run.plan import Plan

_BLOCK = "10.0.0.0/16"
_SUBNET_BLOCKS = ("10.0.0.0/24", "10.0.1.0/24")


def with_network(stack: Stack, plan: Plan, accounts: Accounts) -> Stack:
    """`stack` with its hub in an existing network; unchanged where the stack makes its own."""
    key = f"{stack.project}:topology"
    topology = json.loads(stack.config[key])
    network = topology["hub"].get("network", {})
    if "vpc_id" not in network:
        return stack
    ec2 = accounts.client("ec2", plan.hub.account_id, plan.hub.region)
    vpc_id = ec2.create_vpc(CidrBlock=_BLOCK)["Vpc"]["VpcId"]
    zones = ec2.describe_availability_zones()["AvailabilityZones"]
    network["vpc_id"] = vpc_id
    network["subnet_ids"] = [
        ec2.create_subnet(VpcId=vpc_id, CidrBlock=block, AvailabilityZone=zone["ZoneName"])[
            "Subnet"
        ]["SubnetId"]
        for block, zone in zip(_SUBNET_BLOCKS, zones, strict=False)
    ]
    network["security_group_ids"] = [
        ec2.create_security_group(VpcId=vpc_id, GroupName=given, Description="local")["GroupId"]
        for given in network["security_group_ids"]
    ]
    return replace(stack, config={**stack.config, key: json.dumps(topology)})
