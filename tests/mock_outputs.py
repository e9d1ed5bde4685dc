"""What AWS answers in `tests.mocks`: to a resource as its type's description says, and to a call.

A type that isn't described is an error, so that no test runs on the word "None" in an ARN.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from components.aws.account_region import AccountRegion
from local.deployment.mocked import Mocked, Outputs, hexadecimal
from local.deployment.services import RESOURCE_TYPES

Inputs = Mapping[str, Any]


def outputs_of(type_: str, name: str, inputs: Inputs, at: AccountRegion | None) -> Outputs:
    """The id and the computed outputs of a resource; raises KeyError for an unknown type."""
    if type_.startswith("pulumi:providers:"):
        return {"id": hexadecimal(name, 12)}
    if type_ not in RESOURCE_TYPES:
        raise KeyError(
            f"the type {type_} ({name}) isn't described: add it to local/deployment/services/"
        )
    mocked = Mocked(token=type_, name=name, inputs=inputs, account_region=at)
    return RESOURCE_TYPES[type_].mock_outputs(mocked)


EXISTING_VPC = "vpc-0123456789abcdef0"
EXISTING_ZONES = {
    "subnet-0123456789abcdef0": "a",
    "subnet-0123456789abcdef1": "b",
    "subnet-0123456789abcdef2": "b",
    "subnet-0123456789abcdef3": "c",
}
"""The subnets of the one network that is there before every program, and their zones' letters."""
EXISTING_GROUPS = ("sg-0123456789abcdef0", "sg-0123456789abcdef1")


def call_result(token: str, arguments: Inputs, at: AccountRegion) -> Outputs:
    """The answer of a provider function."""
    if token not in _CALLS:
        raise KeyError(f"no answer is known for the call of {token}: add it to tests/mock_outputs")
    return _CALLS[token](arguments, at)


def _zones(arguments: Inputs, at: AccountRegion) -> Outputs:
    del arguments
    names = [f"{at.region}{letter}" for letter in "abc"]
    identifiers = [f"{at.region}-az{number}" for number in (1, 2, 3)]
    return {"id": at.region, "names": names, "zoneIds": identifiers, "groupNames": []}


def _subnets(arguments: Inputs, at: AccountRegion) -> Outputs:
    return {"id": at.region, "ids": _found(arguments, "subnet-id", EXISTING_ZONES)}


def _security_groups(arguments: Inputs, at: AccountRegion) -> Outputs:
    return {"id": at.region, "ids": _found(arguments, "group-id", EXISTING_GROUPS)}


def _found(arguments: Inputs, key: str, known: Collection[str]) -> list[str]:
    """Those of `known` that the filters leave; the last one first, as no order is promised."""
    filters = {each["name"]: each["values"] for each in arguments["filters"]}
    assert set(filters) == {"vpc-id", key}
    if EXISTING_VPC not in filters["vpc-id"]:
        return []
    return sorted(set(known) & set(filters[key]), reverse=True)


def _subnet(arguments: Inputs, at: AccountRegion) -> Outputs:
    zone = EXISTING_ZONES[arguments["id"]]
    return {
        "id": arguments["id"],
        "arn": at.arn("ec2", f"subnet/{arguments['id']}"),
        "vpcId": EXISTING_VPC,
        "availabilityZone": f"{at.region}{zone}",
        "availabilityZoneId": f"use1-az{'abc'.index(zone) + 1}",
    }


def _secret_versions(arguments: Inputs, at: AccountRegion) -> Outputs:
    """A secret of which no version has a number: its ExternalId was never rotated."""
    del at
    return {"id": arguments["secretId"], "versions": []}


_CALLS: dict[str, Callable[[Inputs, AccountRegion], Outputs]] = {
    "aws:index/getAvailabilityZones:getAvailabilityZones": _zones,
    "aws:ec2/getSubnets:getSubnets": _subnets,
    "aws:ec2/getSecurityGroups:getSecurityGroups": _security_groups,
    "aws:ec2/getSubnet:getSubnet": _subnet,
    "aws:secretsmanager/getSecretVersions:getSecretVersions": _secret_versions,
}
