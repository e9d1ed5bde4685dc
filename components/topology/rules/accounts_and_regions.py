"""Where things run: known accounts, well-shaped Regions, one partition."""

from __future__ import annotations

from collections.abc import Iterator

from components.aws.partitions import partition_of
from components.topology import limits
from components.topology.model import DataPipeline, Hub, MlPipeline, Topology
from components.topology.problems import KeyPath, Problem, closest, listed, refused


def problems(topology: Topology) -> Iterator[Problem]:
    """What is wrong with the `account` and `region` of the hub and of every pipeline."""
    for path, place in _places(topology):
        yield from _account(path, place.account, topology)
        yield from _region(path, place.region, topology.hub.region)


def _places(topology: Topology) -> Iterator[tuple[KeyPath, Hub | DataPipeline | MlPipeline]]:
    yield ("hub",), topology.hub
    for name, data_pipeline in topology.data_pipelines.items():
        yield ("data_pipelines", name), data_pipeline
    for name, ml_pipeline in topology.ml_pipelines.items():
        yield ("ml_pipelines", name), ml_pipeline


def _account(path: KeyPath, alias: str, topology: Topology) -> Iterator[Problem]:
    if alias not in topology.accounts:
        yield from refused(
            (*path, "account"),
            alias,
            f"an alias from `accounts`: {listed(topology.accounts)}",
            closest(alias, topology.accounts, otherwise="add it to `accounts`"),
            ("accounts", alias),
        )


def _region(path: KeyPath, region: str, hub_region: str) -> Iterator[Problem]:
    if region not in limits.REGIONS:
        yield from refused(
            (*path, "region"),
            region,
            "the code of an AWS Region such as us-east-1",
            closest(
                region.strip().lower(),
                limits.REGIONS,
                otherwise="write its code, in lower-case letters and without a zone's letter",
            ),
        )
    elif partition_of(region) != partition_of(hub_region):
        yield from refused(
            (*path, "region"),
            region,
            f"a Region of the hub's partition {partition_of(hub_region)} (this one is in "
            f"{partition_of(region)}), for no role can be assumed across partitions",
            "deploy a stack of its own in each partition",
            ("hub", "region"),
        )
