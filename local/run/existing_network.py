"""The networks that a topology expects to exist, made for the local run.

The embedded AWS starts empty, and EC2 chooses every part's id: each network is made before the
deployment, and its ids go into the topology. Nothing else of a stack is changed.
"""

from __future__ import annotations

import json
from dataclasses import replace
from ipaddress import IPv4Network
from typing import Any

from local.deployment.stack_file import Stack
from local.run.accounts import Accounts

_BLOCK = "10.0.0.0/16"
_SUBNET_PREFIX = 24


def with_networks(stack: Stack, accounts: Accounts) -> Stack:
    """`stack` with its hub and pipelines in existing networks; unchanged where it makes its own."""
    key = f"{stack.project}:topology"
    topology = json.loads(stack.config[key])
    parts = [
        topology["hub"],
        *topology["data_pipelines"].values(),
        *topology.get("ml_pipelines", {}).values(),
    ]
    existing = [part for part in parts if "vpc_id" in (part.get("network") or {})]
    for part in existing:
        account_id = topology["accounts"][part["account"]]["id"]
        _make(part["network"], accounts.client("ec2", account_id, part["region"]), part["region"])
    return replace(stack, config={**stack.config, key: json.dumps(topology)}) if existing else stack


def _make(network: dict[str, Any], ec2: Any, region: str) -> None:
    """Make what `network` names, fit for every use of it, and put the ids in."""
    vpc_id = ec2.create_vpc(CidrBlock=_BLOCK)["Vpc"]["VpcId"]
    table_id = ec2.create_route_table(VpcId=vpc_id)["RouteTable"]["RouteTableId"]
    service = f"com.amazonaws.{region}.s3"
    ec2.create_vpc_endpoint(VpcId=vpc_id, ServiceName=service, RouteTableIds=[table_id])
    zones = ec2.describe_availability_zones()["AvailabilityZones"]
    blocks = IPv4Network(_BLOCK).subnets(new_prefix=_SUBNET_PREFIX)
    network["vpc_id"] = vpc_id
    network["subnet_ids"] = [
        _subnet(ec2, vpc_id, str(block), zone["ZoneName"], table_id)
        for _, block, zone in zip(network["subnet_ids"], blocks, zones, strict=False)
    ]
    network["security_group_ids"] = [
        _group(ec2, vpc_id, given) for given in network["security_group_ids"]
    ]


def _subnet(ec2: Any, vpc_id: str, block: str, zone: str, table_id: str) -> str:
    made = ec2.create_subnet(VpcId=vpc_id, CidrBlock=block, AvailabilityZone=zone)["Subnet"]
    ec2.associate_route_table(RouteTableId=table_id, SubnetId=made["SubnetId"])
    return str(made["SubnetId"])


def _group(ec2: Any, vpc_id: str, name: str) -> str:
    """A group whose members reach each other, and everything else."""
    made = ec2.create_security_group(VpcId=vpc_id, GroupName=name, Description="local")
    group_id = str(made["GroupId"])
    ec2.authorize_security_group_ingress(
        GroupId=group_id,
        IpPermissions=[{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group_id}]}],
    )
    return group_id
