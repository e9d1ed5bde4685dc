"""Where things run: known accounts, known Regions, one partition."""

from __future__ import annotations

from collections.abc import Iterator

from components.aws.partitions import partition_of
from components.topology import limits
from components.topology.codes import Code
from components.topology.model import DataPipeline, Hub, MlPipeline, Topology
from components.topology.problems import KeyPath, Problem, choice, closest, refused


def problems(topology: Topology) -> Iterator[Problem]:
    """What is wrong with the `account` and `region` of the hub and of every pipeline."""
    for path, part in _parts(topology):
        yield from _account(path, part.account, topology)
        yield from _region(path, part.region, topology.hub.region)


def _parts(topology: Topology) -> Iterator[tuple[KeyPath, Hub | DataPipeline | MlPipeline]]:
    yield ("hub",), topology.hub
    for name, data_pipeline in topology.data_pipelines.items():
        yield ("data_pipelines", name), data_pipeline
    for name, ml_pipeline in topology.ml_pipelines.items():
        yield ("ml_pipelines", name), ml_pipeline


def _account(path: KeyPath, alias: str, topology: Topology) -> Iterator[Problem]:
    if alias not in topology.accounts:
        yield from refused(
            (*path, "account"),
            Code.UNKNOWN_ACCOUNT,
            alias,
            "is not an account",
            expected=choice(topology.accounts),
            advice=closest(alias, topology.accounts, otherwise="Add it to `accounts`"),
            relies_on=(("accounts", alias),),
        )


def _region(path: KeyPath, region: str, hub_region: str) -> Iterator[Problem]:
    partition, hub_partition = partition_of(region), partition_of(hub_region)
    if region not in limits.REGIONS:
        yield from refused(
            (*path, "region"),
            Code.UNKNOWN_REGION,
            region,
            "is not an AWS Region",
            expected="the code of a Region, such as us-east-1",
            advice=closest(region, limits.REGIONS),
        )
    elif partition != hub_partition:
        yield from refused(
            (*path, "region"),
            Code.OTHER_PARTITION,
            region,
            f"is in the partition {partition}",
            expected=f"a Region in the hub's partition, {hub_partition}, because no role can be "
            "assumed across partitions",
            advice="Deploy a stack in each partition",
            relies_on=(("hub", "region"),),
        )
