"""A hub's network without a way to the Internet: what it can't have, and blocks that don't meet."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network
from itertools import combinations

from components.aws.partitions import COMMERCIAL, partition_of
from components.network.cidr import region_block
from components.topology import limits
from components.topology.codes import Code
from components.topology.model import Topology
from components.topology.problems import KeyPath, Problem, refused

_PATH = ("hub", "network")
_MODE = (*_PATH, "mode")
_POOL = (*_PATH, "regional_cidr_block")


def problems(topology: Topology) -> Iterator[Problem]:
    """What is wrong with a topology whose hub is to be private, or is joined as if it were."""
    if not topology.hub.network.is_private:
        yield from _connectivity(topology)
        return
    yield from _partition(topology)
    yield from _requirements(topology)
    yield from _blocks(topology)
    yield from _backup(topology)


def _connectivity(topology: Topology) -> Iterator[Problem]:
    network = topology.hub.network
    if network.connectivity != "peering" and not network.is_existing:
        yield from refused(
            (*_PATH, "connectivity"),
            Code.CONFLICTING_KEYS,
            network.connectivity,
            "joins a private network to endpoints in other Regions, and with mode nat there are "
            "none",
            advice="Remove it, or set mode: private",
            relies_on=(_MODE,),
        )


def _partition(topology: Topology) -> Iterator[Problem]:
    partition = partition_of(topology.hub.region)
    if partition != COMMERCIAL:
        yield from refused(
            _MODE,
            Code.OTHER_PARTITION,
            "private",
            f"isn't known to work in the partition {partition}, whose endpoints have other names",
            expected="nat, or an existing network with endpoints",
            relies_on=(("hub", "region"),),
        )


def _requirements(topology: Topology) -> Iterator[Problem]:
    """Amazon MWAA starts an environment without them where it can't install them, and only logs."""
    path: KeyPath = ("hub", "environment", "requirements_file")
    name = topology.hub.environment.requirements_file
    if name is not None and topology.hub.environment.wheels is None:
        yield from refused(
            path,
            Code.NEEDS_INTERNET,
            name,
            "is installed from PyPI, which the environment can't reach in a private network",
            expected="a folder for their wheels in hub.environment.wheels",
            advice="Name the folder, and `make wheels STACK=<stack>` downloads them into it",
            relies_on=(_MODE, (*path[:-1], "wheels")),
        )


def _blocks(topology: Topology) -> Iterator[Problem]:
    network = topology.hub.network
    try:
        own = IPv4Network(network.cidr_block)
        pool = IPv4Network(network.regional_cidr_block)
    except ValueError:
        return  # the rules of the network have said so
    if own.overlaps(pool):
        yield from refused(
            _POOL,
            Code.OVERLAPPING_BLOCKS,
            str(pool),
            f"overlaps with the hub's own block, {own}",
            expected="a block of its own, since no route could tell the networks apart",
            relies_on=((*_PATH, "cidr_block"), _MODE),
        )
    largest, smallest = limits.REGIONAL_BLOCK_PREFIX_LENGTHS
    if not largest <= pool.prefixlen <= smallest:
        return
    blocks = {region: region_block(str(pool), region) for region in topology.endpoint_regions()}
    for one, other in combinations(blocks, 2):
        if blocks[one] == blocks[other]:
            yield from refused(
                _POOL,
                Code.OVERLAPPING_BLOCKS,
                str(pool),
                f"gives {one} and {other} the same block, {blocks[one]}",
                expected="a larger block: a /16 has a place for each Region",
                relies_on=(_MODE,),
            )


def _backup(topology: Topology) -> Iterator[Problem]:
    """The network reaches S3 in its own Region and in those with pipelines, and in no other."""
    reached = {topology.hub.region, *topology.endpoint_regions()}
    backup = topology.hub.backup
    if backup is not None and backup.region not in reached:
        yield from refused(
            ("hub", "backup", "region"),
            Code.NEEDS_INTERNET,
            backup.region,
            "has no pipeline, so a private network has no way to it",
            expected="a Region with a pipeline of the stack",
            relies_on=(_MODE,),
        )
