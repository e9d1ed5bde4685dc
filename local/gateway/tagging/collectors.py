"""Tagged resources of the services that MiniStack's GetResources leaves out."""
# ruff: noqa: SLF001 -- reads MiniStack's own stores

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudwatch, cloudwatch_logs, ec2, glue, tagging

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


def _network() -> Tagged:
    for resource_id, tags in ec2._tags.items():
        kind = ec2._guess_resource_type(resource_id)
        yield _arn("ec2", f"{kind}/{resource_id}"), tags


COLLECTORS: dict[str, Callable[[], Any]] = {
    "cloudwatch": _alarms,
    "ec2": _network,
    "glue jobs": _glue_jobs,
    "logs": _log_groups,
    "secretsmanager": tagging._collect_secretsmanager,
}
