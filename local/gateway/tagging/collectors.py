"""Tagged resources of the services that MiniStack's GetResources leaves out."""
# ruff: noqa: SLF001 -- reads MiniStack's own stores

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudwatch, cloudwatch_logs, ec2, glue, tagging

from local.gateway.stores.transit_gateways import ATTACHMENTS, GATEWAYS, TABLES

Tagged = Iterator[tuple[str, list[dict[str, str]]]]


def _arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{get_region()}:{get_account_id()}:{resource}"


def _alarms() -> Tagged:
    region = get_region()
    for arn, tags in cloudwatch._resource_tags.items():
        if arn.split(":")[3] == region:
            yield arn, tagging._normalise_flat(tags)


def _glue_jobs() -> Tagged:
    for name, job in glue._jobs.items():
        yield _arn("glue", f"job/{name}"), tagging._normalise_flat(job["Tags"])


def _log_groups() -> Tagged:
    for name, group in cloudwatch_logs._log_groups.items():
        yield _arn("logs", f"log-group:{name}"), tagging._normalise_flat(group["tags"])


_OF_NETWORKS: dict[str, Any] = {
    "acl": ec2._network_acls,
    "igw": ec2._internet_gateways,
    "nat": ec2._nat_gateways,
    "pcx": ec2._vpc_peering,
    "rtb": ec2._route_tables,
    "sg": ec2._security_groups,
    "subnet": ec2._subnets,
    "tgw": GATEWAYS,
    "tgw-attach": ATTACHMENTS,
    "tgw-rtb": TABLES,
    "vpc": ec2._vpcs,
}
"""Where those parts are whose tags MiniStack keeps when they are deleted, by their ids' start."""


_KINDS = {
    "fl": "vpc-flow-log",
    "pcx": "vpc-peering-connection",
    "tgw-attach": "transit-gateway-attachment",
    "tgw-rtb": "transit-gateway-route-table",
}
"""What MiniStack calls otherwise than EC2's ARNs."""


def _is_deleted(resource_id: str) -> bool:
    store = _OF_NETWORKS.get(resource_id.rpartition("-")[0])
    if store is None:
        return False
    part = store.get(resource_id)
    if part is None:
        return True
    states = (part.get("State"), part.get("state"), part.get("Status", {}).get("Code"))
    return "deleted" in states


def _network() -> Tagged:
    for resource_id, tags in ec2._tags.items():
        if _is_deleted(resource_id):
            continue
        start = resource_id.rpartition("-")[0]
        kind = _KINDS.get(start) or ec2._guess_resource_type(resource_id)
        yield _arn("ec2", f"{kind}/{resource_id}"), tags


COLLECTORS: dict[str, Callable[[], Any]] = {
    "cloudwatch": _alarms,
    "ec2": _network,
    "glue jobs": _glue_jobs,
    "logs": _log_groups,
    "secretsmanager": tagging._collect_secretsmanager,
}
