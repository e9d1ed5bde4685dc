"""What a network's keys have to be, of the hub and of a pipeline alike: one form, whole and fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network

from components.topology import limits
from components.topology.codes import Code
from components.topology.model import Network, PipelineNetwork
from components.topology.problems import KeyPath, Problem, missing, out_of_range, refused

_EXISTING = ("vpc_id", "subnet_ids", "security_group_ids")

AnyNetwork = Network | PipelineNetwork


def is_named(network: AnyNetwork) -> bool:
    """Whether any part of an existing network is named."""
    return any(getattr(network, key) for key in _EXISTING)


def existing(path: KeyPath, network: AnyNetwork, new: Mapping[str, str]) -> Iterator[Problem]:
    """The keys that are missing beside those that are there, and those of a `new` network."""
    given = [key for key in _EXISTING if getattr(network, key)]
    for key in _EXISTING:
        if key not in given:
            yield from missing(
                (*path, key),
                f"an existing network needs all of {', '.join(_EXISTING)}",
                f"Add it, or remove {' and '.join(given)} to have a network created",
            )
    for key, means in new.items():
        if key in network.model_fields_set:
            yield from refused(
                (*path, key),
                Code.CONFLICTING_KEYS,
                getattr(network, key),
                f"{means}, but {given[0]} names an existing one",
                advice="Remove one of the two",
            )


def numbers(path: KeyPath, network: AnyNetwork, subnets: tuple[int, int]) -> Iterator[Problem]:
    """Too few, too many or equal ids; `subnets` are the fewest and the most."""
    fewest, most = subnets
    count = f"{fewest}" if fewest == most else f"{fewest} to {most}"
    zones = "two Availability Zones" if fewest == most else "Availability Zones of their own"
    if network.subnet_ids and not _fit(network.subnet_ids, subnets):
        yield from refused(
            (*path, "subnet_ids"),
            Code.WRONG_NUMBER,
            network.subnet_ids,
            "has the wrong number of subnets",
            expected=f"{count} different private subnets in {zones}",
        )
    if network.security_group_ids:
        yield from group_numbers(path, network.security_group_ids)


def group_numbers(path: KeyPath, group_ids: tuple[str, ...]) -> Iterator[Problem]:
    """Too few, too many or equal ids of security groups."""
    if not _fit(group_ids, limits.SECURITY_GROUPS):
        fewest, most = limits.SECURITY_GROUPS
        yield from refused(
            (*path, "security_group_ids"),
            Code.WRONG_NUMBER,
            group_ids,
            "has the wrong number of security groups",
            expected=f"{fewest} to {most} different ones",
        )


def _fit(ids: tuple[str, ...], bounds: tuple[int, int]) -> bool:
    fewest, most = bounds
    return fewest <= len(ids) <= most and len(set(ids)) == len(ids)


def block(
    path: KeyPath, value: str, lengths: tuple[int, int], *, advice: str = ""
) -> Iterator[Problem]:
    """What is wrong with the block of a network to create; `advice` is for one that is public."""
    try:
        network = IPv4Network(value, strict=False)
    except ValueError:
        network = None
    if network is None or "/" not in value:
        yield from refused(
            path,
            Code.MALFORMED,
            value,
            "is not an IPv4 block",
            expected="an address, a slash and a length, such as 10.192.0.0/16",
        )
        return
    if str(network) != value:
        yield from refused(
            path,
            Code.NOT_A_NETWORK_ADDRESS,
            value,
            "doesn't start at a network address",
            expected=str(network),
        )
    if not any(network.subnet_of(IPv4Network(private)) for private in limits.PRIVATE_BLOCKS):
        yield from refused(
            path,
            Code.NOT_PRIVATE,
            value,
            "is not private",
            expected=f"a block inside one of {', '.join(limits.PRIVATE_BLOCKS)}",
            advice=advice,
        )
    largest, smallest = lengths
    if not largest <= network.prefixlen <= smallest:
        yield from out_of_range(path, value, f"/{largest} to /{smallest}")
