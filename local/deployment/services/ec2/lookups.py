"""Amazon EC2: the functions of the provider that read a network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from local.deployment.provider_function import ProviderFunction
from local.deployment.translation import Inner, Rule, Table, translate

if TYPE_CHECKING:
    from local.deployment.providers import AwsProvider

_FILTERS = Inner("Filters", {"name": "Name", "values": "Values"})

_ZONES: Table = {
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
        (zone for zone in found if zone["ZoneId"] not in arguments.get("excludeZoneIds", [])),
        key=lambda zone: str(zone["ZoneName"]),
    )
    return {
        **arguments,
        "groupNames": sorted({zone.get("GroupName", provider.region) for zone in zones}),
        "id": provider.region,
        "names": [zone["ZoneName"] for zone in zones],
        "zoneIds": [zone["ZoneId"] for zone in zones],
    }


AVAILABILITY_ZONES = ProviderFunction(
    token="aws:index/getAvailabilityZones:getAvailabilityZones",
    call=availability_zones,
    deploy_actions=("ec2:DescribeAvailabilityZones",),
)


def subnets(arguments: Mapping[str, Any], provider: AwsProvider) -> dict[str, Any]:
    """`aws.ec2.get_subnets`: the ids of those that all filters leave, which may be none."""
    call = translate(arguments, {"filters": _FILTERS})
    found = provider.client("ec2").describe_subnets(**call)["Subnets"]
    return {**arguments, "id": provider.region, "ids": [each["SubnetId"] for each in found]}


SUBNETS = ProviderFunction(
    token="aws:ec2/getSubnets:getSubnets",
    call=subnets,
    deploy_actions=("ec2:DescribeSubnets",),
)


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


SECURITY_GROUPS = ProviderFunction(
    token="aws:ec2/getSecurityGroups:getSecurityGroups",
    call=security_groups,
    deploy_actions=("ec2:DescribeSecurityGroups",),
)


def subnet(arguments: Mapping[str, Any], provider: AwsProvider) -> dict[str, Any]:
    """`aws.ec2.get_subnet`: the subnet of that id."""
    call = {"SubnetIds": [arguments["id"]], **translate(arguments, {"id": Rule.HANDLED})}
    (found,) = provider.client("ec2").describe_subnets(**call)["Subnets"]
    return {
        "arn": found["SubnetArn"],
        "availabilityZone": found["AvailabilityZone"],
        "availabilityZoneId": found.get("AvailabilityZoneId", ""),
        "cidrBlock": found["CidrBlock"],
        "id": found["SubnetId"],
        "vpcId": found["VpcId"],
    }


SUBNET = ProviderFunction(
    token="aws:ec2/getSubnet:getSubnet",
    call=subnet,
    deploy_actions=("ec2:DescribeSubnets",),
)
