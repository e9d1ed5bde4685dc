"""The bucket, subnets and security groups that MWAA requires of an environment.

From "Create an Amazon S3 bucket for Amazon MWAA" and "About networking on Amazon MWAA". They are
looked up in the account and Region of the current request.
"""
# ruff: noqa: SLF001 -- reads MiniStack's own stores

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import ec2, s3

from local.gateway.stores import buckets

_PUBLIC_ACCESS_BLOCK = (
    "BlockPublicAcls",
    "IgnorePublicAcls",
    "BlockPublicPolicy",
    "RestrictPublicBuckets",
)


def problems(record: dict[str, Any]) -> list[str]:
    """What MWAA refuses in an environment's bucket and network, one sentence each."""
    network = record["NetworkConfiguration"]
    subnets, groups = network.get("SubnetIds", []), network.get("SecurityGroupIds", [])
    return [
        *_bucket_problems(record["SourceBucketArn"].rpartition(":")[2]),
        *_network_problems(subnets, groups),
    ]


def _bucket_problems(name: str) -> Iterator[str]:
    account_id, region = get_account_id(), get_region()
    if buckets.owner_of(name) != account_id:
        yield f"SourceBucketArn: there is no bucket {name} in the account"
        return
    bucket_region = buckets.region_of(name)
    if bucket_region != region:
        yield f"SourceBucketArn: {name} is in {bucket_region}, and the environment in {region}"
    if s3._bucket_versioning.get(name) != "Enabled":
        yield f"SourceBucketArn: {name} has no versioning: enable it"
    open_to = [
        setting
        for setting in _PUBLIC_ACCESS_BLOCK
        if not s3._public_access_blocked(account_id, name, setting)
    ]
    if open_to:
        yield f"SourceBucketArn: {name} could be public: set {', '.join(open_to)}"


def _network_problems(subnet_ids: list[str], group_ids: list[str]) -> Iterator[str]:
    subnets = {each: ec2._subnets.get(each) for each in subnet_ids}
    groups = {each: ec2._security_groups.get(each) for each in group_ids}
    for found, kind in ((subnets, "subnet"), (groups, "security group")):
        yield from (
            f"NetworkConfiguration: there is no {kind} {each} in the account and Region"
            for each, record in found.items()
            if record is None
        )
    known = {each: subnet for each, subnet in subnets.items() if subnet is not None}
    yield from (
        f"NetworkConfiguration: the subnet {each} is public: it has a route to {gateway}"
        for each, subnet in known.items()
        if (gateway := _internet_gateway(each, subnet["VpcId"]))
    )
    if len(known) > len({subnet["AvailabilityZone"] for subnet in known.values()}):
        yield "NetworkConfiguration: the subnets share an Availability Zone: expected two zones"
    parts = [*known.values(), *(group for group in groups.values() if group is not None)]
    vpcs = sorted({part["VpcId"] for part in parts})
    if len(vpcs) > 1:
        yield f"NetworkConfiguration: expected one VPC, got {', '.join(vpcs)}"


def _internet_gateway(subnet_id: str, vpc_id: str) -> str | None:
    """The internet gateway in the subnet's route table, if there is one."""
    tables = [table for table in ec2._route_tables.values() if table["VpcId"] == vpc_id]
    own = [table for table in tables if _is_of(table, subnet_id)]
    main = [table for table in tables if any(each["Main"] for each in table["Associations"])]
    gateways = (
        str(route.get("GatewayId", "")) for table in own or main for route in table["Routes"]
    )
    return next((gateway for gateway in gateways if gateway.startswith("igw-")), None)


def _is_of(table: dict[str, Any], subnet_id: str) -> bool:
    return any(each.get("SubnetId") == subnet_id for each in table["Associations"])
