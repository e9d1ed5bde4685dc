"""Whether a job run would get into its network: what Glue looks at before it, as the job's role.

From "Troubleshooting Glue common setup errors" in the developer guide of AWS Glue. No packet of a
run goes through the network.
"""
# ruff: noqa: SLF001 -- reads MiniStack's own stores

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import ec2, glue

from local.gateway.authorization.network_interfaces import Calls, refused
from local.gateway.authorization.simulation import allowed

_CALLS = Calls(
    look=(
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeRouteTables",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcEndpoints",
    ),
    on_interface=("ec2:DeleteNetworkInterface",),
    tag="aws-glue-service-resource",
)
_LAST_PORT = 65535


def problem(job: dict[str, Any], role_arn: str) -> str | None:
    """Why a run of `job` can't be connected to the first of its connections, or None."""
    names = (job.get("Connections") or {}).get("Connections", [])
    return next(_problems(names, role_arn), None) if names else None


def _problems(names: Sequence[str], role_arn: str) -> Iterator[str]:
    start = f"arn:aws:glue:{get_region()}:{get_account_id()}"
    for name in names:
        for resource in (f"{start}:catalog", f"{start}:connection/{name}"):
            if not allowed(role_arn, "glue:GetConnection", resource, region=get_region()):
                yield f"{role_arn} is not authorized to perform: glue:GetConnection on {resource}"
        if name not in glue._connections:
            yield f"Connection {name} not found."
            return
    place = glue._connections[names[0]]["PhysicalConnectionRequirements"]
    yield from _unfit(names[0], place)
    refusal = refused(role_arn, [place["SubnetId"]], place["SecurityGroupIdList"], _CALLS)
    if refusal is not None:
        yield refusal


def _unfit(name: str, place: dict[str, Any]) -> Iterator[str]:
    subnet = ec2._subnets.get(place["SubnetId"])
    groups = [ec2._security_groups.get(each) for each in place["SecurityGroupIdList"]]
    if subnet is None or None in groups:
        yield f"The subnet or a security group of {name} doesn't exist: {place}"
        return
    if subnet["AvailabilityZone"] != place["AvailabilityZone"]:
        yield f"{place['SubnetId']} is not in {place['AvailabilityZone']}."
    for direction, rules in (("ingress", "IpPermissions"), ("egress", "IpPermissionsEgress")):
        if not any(_opens_all(rule) for group in groups if group for rule in group[rules]):
            yield f"At least one security group must open all {direction} ports."
    if not _has_way_to_s3(place["SubnetId"], subnet["VpcId"]):
        yield (
            f"VPC S3 endpoint validation failed for SubnetId: {place['SubnetId']}. VPC: "
            f"{subnet['VpcId']}. Reason: Could not find S3 endpoint or NAT gateway for it."
        )


def _opens_all(rule: dict[str, Any]) -> bool:
    ports = (rule.get("FromPort"), rule.get("ToPort"))
    return rule["IpProtocol"] == "-1" or (rule["IpProtocol"] == "tcp" and ports == (0, _LAST_PORT))


def _has_way_to_s3(subnet_id: str, vpc_id: str) -> bool:
    tables = [table for table in ec2._route_tables.values() if table["VpcId"] == vpc_id]
    own = [
        table
        for table in tables
        if any(each.get("SubnetId") == subnet_id for each in table["Associations"])
    ]
    used = own or [
        table for table in tables if any(each.get("Main") for each in table["Associations"])
    ]
    ids = {table["RouteTableId"] for table in used}
    has_endpoint = any(
        endpoint["ServiceName"].endswith(".s3") and ids & set(endpoint.get("RouteTableIds", []))
        for endpoint in ec2._vpc_endpoints.values()
    )
    return has_endpoint or any(
        route.get("NatGatewayId") for table in used for route in table["Routes"]
    )
