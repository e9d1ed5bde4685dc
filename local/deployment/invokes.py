"""The functions of the real provider that the program calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from local.deployment.errors import DeploymentError
from local.deployment.providers import AwsProvider
from local.deployment.translation import Rule, translate


def availability_zones(arguments: Mapping[str, Any], provider: AwsProvider) -> dict[str, Any]:
    """`aws.get_availability_zones`, with its `state` as the only choice."""
    translate(arguments, {"state": Rule.HANDLED})
    chosen = {"Name": "state", "Values": [arguments["state"]]} if "state" in arguments else None
    zones = provider.client("ec2").describe_availability_zones(
        **({"Filters": [chosen]} if chosen else {})
    )["AvailabilityZones"]
    zones.sort(key=lambda zone: zone["ZoneName"])
    return {
        **arguments,
        "groupNames": sorted({zone.get("GroupName", provider.region) for zone in zones}),
        "id": provider.region,
        "names": [zone["ZoneName"] for zone in zones],
        "zoneIds": [zone.get("ZoneId", "") for zone in zones],
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
