"""The functions of the real provider that the program calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from local.deployment.errors import DeploymentError
from local.deployment.providers import AwsProvider
from local.deployment.translation import Inner, Rule, Table, translate

_ZONES: Table = {
    "excludeNames": Rule.HANDLED,
    "excludeZoneIds": Rule.HANDLED,
    "filters": Inner("Filters", {"name": "Name", "values": "Values"}),
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


INVOKES: dict[str, Callable[[Mapping[str, Any], AwsProvider], dict[str, Any]]] = {
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
