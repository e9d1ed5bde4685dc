"""The networks of pipelines: a private block with room for a job, or all parts of an existing one.

In which zones existing subnets are, only AWS knows: the preview asks it.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network

from components.aws.partitions import COMMERCIAL, partition_of
from components.network.cidr import halves
from components.network.endpoint_services import OF_GLUE_JOBS
from components.topology import limits
from components.topology.codes import Code
from components.topology.model import DataPipeline, MlPipeline, PipelineNetwork, Topology
from components.topology.problems import KeyPath, Problem, refused
from components.topology.rules.network_parts import block, existing, is_named, numbers

_NEW = {"cidr_block": "is the block of a new network"}


def problems(topology: Topology) -> Iterator[Problem]:
    """What is wrong with any of them."""
    for name, data in topology.data_pipelines.items():
        if data.network is not None:
            path = ("data_pipelines", name)
            yield from _network((*path, "network"), data.network, data)
            yield from _room(path, data.network, data)
    for name, ml in topology.ml_pipelines.items():
        if ml.network is not None:
            yield from _network(("ml_pipelines", name, "network"), ml.network, ml)


def _network(
    path: KeyPath, network: PipelineNetwork, pipeline: DataPipeline | MlPipeline
) -> Iterator[Problem]:
    if is_named(network):
        yield from existing(path, network, _NEW)
        yield from numbers(path, network, limits.PIPELINE_SUBNETS)
        return
    yield from block((*path, "cidr_block"), network.cidr_block, limits.BLOCK_PREFIX_LENGTHS)
    partition = partition_of(pipeline.region)
    if partition != COMMERCIAL:
        yield from refused(
            path,
            Code.OTHER_PARTITION,
            network.cidr_block,
            f"isn't known to work in the partition {partition}, whose endpoints have other names",
            expected="an existing network with endpoints, or none",
            relies_on=((*path[:-1], "region"),),
        )


def _room(path: KeyPath, network: PipelineNetwork, data: DataPipeline) -> Iterator[Problem]:
    """AWS Glue gives each worker an address of one subnet, and all runs may be in the same one."""
    if is_named(network):
        return
    try:
        subnet = IPv4Network(halves(network.cidr_block)[0])
    except ValueError:
        return  # the rule of blocks has said so
    if subnet.prefixlen > limits.BLOCK_PREFIX_LENGTHS[1] + 1:
        return
    free = subnet.num_addresses - limits.UNUSABLE_ADDRESSES - len(OF_GLUE_JOBS)
    workers = data.glue.workers * data.glue.max_concurrent_runs
    if workers > free:
        yield from refused(
            (*path, "network", "cidr_block"),
            Code.TOO_FEW_ADDRESSES,
            network.cidr_block,
            f"has {free} addresses in each of its two subnets, too few for {workers} workers at "
            "one time",
            expected="a larger block, or fewer workers (workers times max_concurrent_runs)",
            relies_on=((*path, "glue", "workers"), (*path, "glue", "max_concurrent_runs")),
        )
