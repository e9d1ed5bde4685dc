"""Where things run: known accounts, known Regions, one partition."""

from __future__ import annotations

from collections.abc import Iterator

from components.aws.partitions import partition_of
from components.topology.codes import Code
from components.topology.model import Access, DataPipeline, Hub, MlPipeline, Topology
from components.topology.problems import KeyPath, Problem, choice, closest, refused
from components.topology.regions import REGIONS, SERVICE_NAMES, Service, regions_with


def problems(topology: Topology) -> Iterator[Problem]:
    """What is wrong with the `account` and `region` of the hub, pipelines and accesses."""
    for path, part, service in _parts(topology):
        yield from _account(path, part.account, topology)
        yield from _region(path, part.region, topology.hub.region, service)
    endpoints = topology.hub.network.endpoints
    if endpoints is not None:
        yield from _account(("hub", "network", "endpoints"), endpoints.account, topology)
    if topology.hub.backup is not None:
        path = ("hub", "backup")
        yield from _region(path, topology.hub.backup.region, topology.hub.region, None)


def _parts(
    topology: Topology,
) -> Iterator[tuple[KeyPath, Hub | DataPipeline | MlPipeline | Access, Service | None]]:
    """Each part with the service that it can't be without, if there is one."""
    yield ("hub",), topology.hub, "mwaa"
    for name, data_pipeline in topology.data_pipelines.items():
        yield ("data_pipelines", name), data_pipeline, "glue"
    for name, ml_pipeline in topology.ml_pipelines.items():
        yield ("ml_pipelines", name), ml_pipeline, "sagemaker"
    for name, access in topology.access.items():
        yield ("access", name), access, None


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


def _region(
    path: KeyPath, region: str, hub_region: str, service: Service | None
) -> Iterator[Problem]:
    partition, hub_partition = partition_of(region), partition_of(hub_region)
    if region not in REGIONS:
        yield from refused(
            (*path, "region"),
            Code.UNKNOWN_REGION,
            region,
            "is not an AWS Region",
            expected="the code of a Region, such as us-east-1",
            advice=closest(region, REGIONS),
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
    elif service is not None and region not in regions_with(service):
        yield from refused(
            (*path, "region"),
            Code.SERVICE_NOT_IN_REGION,
            region,
            f"has no {SERVICE_NAMES[service]}",
            expected=_with(service, partition),
        )


def _with(service: Service, partition: str) -> str:
    others = [each for each in regions_with(service) if partition_of(each) == partition]
    if not others:
        return f"a Region of another partition, because none of {partition} has it"
    return f"a Region of the partition {partition} that has it, such as {others[-1]}"
