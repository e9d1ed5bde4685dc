"""The functions of the real provider that the program calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from local.deployment.errors import DeploymentError
from local.deployment.providers import AwsProvider
from local.deployment.translation import Inner, Rule, Table, translate

_FILTERS = Inner("Filters", {"name": "Name", "values": "Values"})

_ZONES: Table = {
    "excludeNames": Rule.HANDLED,
    "excludeZoneIds": Rule.HANDLED,
    "filters": _FILTERS,
    "state": Rule.HANDLED,
}


def availability_zones(arguments: Mapping[str, Any], provider: AwsProvider) -> dict[str, Any]:
    """`aws.get_availability_zones`: the Region's zones, sorted by name."""
    call = translate(arguments, _ZONES)
    if "state" in arguments:
        state = {"Name": "state", "Values": [arguments["state"]]}
        call["Filters"] = [*call.get("Filters", []), state]
    found = provider.client("ec2").describe_availability_zones(**call)["AvailabilityZones"]
    zones = sorted(
        (
            zone
            for zone in found
            if zone["ZoneName"] not in arguments.get("excludeNames", [])
            and zone["ZoneId"] not in arguments.get("excludeZoneIds", [])
        ),
        key=lambda zone: str(zone["ZoneName"]),
    )
    return {
        **arguments,
        "groupNames": sorted({zone.get("GroupName", provider.region) for zone in zones}),
        "id": provider.region,
        "names": [zone["ZoneName"] for zone in zones],
        "zoneIds": [zone["ZoneId"] for zone in zones],
    }


def subnets(arguments: Mapping[str, Any], provider: AwsProvider) -> dict[str, Any]:
    """`aws.ec2.get_subnets`: the ids of those that all filters leave, which may be none."""
    call = translate(arguments, {"filters": _FILTERS})
    found = provider.client("ec2").describe_subnets(**call)["Subnets"]
    return {**arguments, "id": provider.region, "ids": [each["SubnetId"] for each in found]}


def security_groups(arguments: Mapping[str, Any], provider: AwsProvider) -> dict[str, Any]:
    """`aws.ec2.get_security_groups`: those that all filters leave, which may be none."""
    call = translate(arguments, {"filters": _FILTERS})
    found = provider.client("ec2").describe_security_groups(**call)["SecurityGroups"]
    return {
        **arguments,
        "id": provider.region,
        "ids": [each["GroupId"] for each in found],
        "vpcIds": [each["VpcId"] for each in found],
    }


def subnet(arguments: Mapping[str, Any], provider: AwsProvider) -> dict[str, Any]:
    """`aws.ec2.get_subnet`: the subnet of that id."""
    call = {"SubnetIds": [arguments["id"]], **translate(arguments, {"id": Rule.HANDLED})}
    (found,) = provider.client("ec2").describe_subnets(**call)["Subnets"]
    return {
        "availabilityZone": found["AvailabilityZone"],
        "cidrBlock": found["CidrBlock"],
        "id": found["SubnetId"],
        "vpcId": found["VpcId"],
    }


INVOKES: dict[str, Callable[[Mapping[str, Any], AwsProvider], dict[str, Any]]] = {
    "aws:ec2/getSecurityGroups:getSecurityGroups": security_groups,
    "aws:ec2/getSubnet:getSubnet": subnet,
    "aws:ec2/getSubnets:getSubnets": subnets,
    "aws:index/getAvailabilityZones:getAvailabilityZones": availability_zones,
}


def find(token: str) -> Callable[[Mapping[str, Any], AwsProvider], dict[str, Any]]:
    """The function called `token`; raises DeploymentError where there is none."""
    if token not in INVOKES:
        raise DeploymentError(
            f"the function {token} isn't known to the local deployment: add it to INVOKES in"
            f" local/deployment/invokes.py (known: {', '.join(sorted(INVOKES))})"
        )
    return INVOKES[token]
