"""S3 Batch Replication: jobs that replicate what is at the source already, which MiniStack lacks.

A job replicates the current versions below its prefixes, each to the destinations that never had
it. "Replicating existing objects with Batch Replication" in the user guide of Amazon S3: what was
replicated and then deleted by its version isn't replicated again.
"""
# ruff: noqa: SLF001 -- reads MiniStack's own stores

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree as ET

import ministack.app
from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import s3

from local.gateway.api.request import Request
from local.gateway.api.responses import Response
from local.gateway.authorization import current_request
from local.gateway.authorization.simulation import allowed
from local.gateway.s3 import replication
from local.gateway.sts.service_sessions import Caller, CannotAssumeRoleError, trusts

_logger = logging.getLogger(__name__)

_PATH = "/v20180820/jobs"
_SERVICE = "batchoperations.s3.amazonaws.com"
_NAMESPACE = "http://awss3control.amazonaws.com/doc/2018-08-20/"
_DELAY_SECONDS = 0.5
_OF_THE_BUCKET = ("s3:GetReplicationConfiguration", "s3:PutInventoryConfiguration")


@dataclass(kw_only=True)
class _Job:
    account_id: str
    region: str
    role_arn: str
    bucket: str
    prefixes: list[str]
    statuses: set[str]
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    status: str = "New"
    succeeded: int = 0
    failed: int = 0
    reason: str | None = None


_jobs: dict[tuple[str, str, str], _Job] = {}
"""By account, Region and id."""


def handle_request(
    original: Callable[..., Awaitable[Response | None]],
) -> Callable[..., Awaitable[Response | None]]:
    """CreateJob and DescribeJob of S3 Control; all else is MiniStack's."""

    async def handling(  # noqa: PLR0917 (MiniStack's own arguments)
        path: str,
        method: str,
        body: bytes,
        query: dict[str, Any],
        request_id: str,
        headers: dict[str, str] | None = None,
    ) -> Response | None:
        if path != _PATH and not path.startswith(f"{_PATH}/"):
            return await original(path, method, body, query, request_id, headers)
        job_id = path.removeprefix(_PATH).strip("/")
        action = "s3:DescribeJob" if job_id else "s3:CreateJob"
        resource = f"arn:aws:s3:{get_region()}:{get_account_id()}:job/{job_id}" if job_id else "*"
        current_request.current.set(
            Request(
                service="s3",
                method=method,
                path=path,
                headers=headers or {},
                body=body,
                parameters=query,
                region=get_region(),
                account_id=get_account_id(),
            )
        )
        denied: Response | None = ministack.app._enforce_data_plane(
            "s3", action, headers or {}, query, request_id, resource_arn=resource
        )
        return denied or (_described(job_id) if job_id else _created(body))

    return handling


def _created(body: bytes) -> Response:
    try:
        job = _read(ET.fromstring(body))  # noqa: S314 (the request of a client on this machine)
    except (AttributeError, ET.ParseError) as error:
        message = f"The local run has no such job of S3 Batch Operations: {error}"
        return _refusal("InvalidRequest", message, 400)
    _jobs[job.account_id, job.region, job.id] = job
    loop: asyncio.AbstractEventLoop = ministack.app._MAIN_LOOP
    loop.call_soon_threadsafe(loop.call_later, _DELAY_SECONDS, _work, job)
    root = ET.Element("CreateJobResult", xmlns=_NAMESPACE)
    _add(root, {"JobId": job.id})
    return _answer(root)


def _read(root: ET.Element) -> _Job:
    """The job of a request; AttributeError where a part that the local run needs is missing."""

    def text(path: str) -> str:
        found = root.find(path, {"": _NAMESPACE})
        return str(found.text)  # type: ignore[union-attr]

    def texts(path: str) -> list[str]:
        return [str(each.text) for each in root.findall(path, {"": _NAMESPACE})]

    generator = "ManifestGenerator/S3JobManifestGenerator"
    if root.find("Operation/S3ReplicateObject", {"": _NAMESPACE}) is None:
        message = "its operation isn't S3ReplicateObject"
        raise AttributeError(message)
    return _Job(
        account_id=get_account_id(),
        region=get_region(),
        role_arn=text("RoleArn"),
        bucket=text(f"{generator}/SourceBucket").rpartition(":")[2],
        prefixes=texts(f"{generator}/Filter/KeyNameConstraint/MatchAnyPrefix/member"),
        statuses=set(texts(f"{generator}/Filter/ObjectReplicationStatuses/member")),
    )


def _work(job: _Job) -> None:
    with request_scope(job.account_id, job.region):
        job.reason = _problem(job)
        if job.reason is not None:
            job.status = "Failed"
            return
        for key, record in list(_objects(job)):
            done = _may_replicate(job, key) and replication.replicate_again(job.bucket, key, record)
            job.succeeded += done
            job.failed += not done
        job.status = "Complete"


def _problem(job: _Job) -> str | None:
    """Why the job can't begin."""
    source = f"arn:aws:s3:::{job.bucket}"
    caller = Caller(
        service=_SERVICE, source_arn=source, account_id=job.account_id, region=job.region
    )
    try:
        trusted = trusts(job.role_arn, caller)
    except CannotAssumeRoleError as error:
        return str(error)
    if not trusted:
        return f"{job.role_arn} doesn't trust {_SERVICE}"
    lacking = [
        action
        for action in _OF_THE_BUCKET
        if not allowed(job.role_arn, action, source, region=job.region)
    ]
    return f"{job.role_arn} lacks {lacking} on {source}" if lacking else None


def _objects(job: _Job) -> Iterator[tuple[str, dict[str, Any]]]:
    """The current versions that the job is about, and that a destination hasn't had."""
    bucket = s3._buckets.get(job.bucket) or {"objects": {}}
    for key, record in sorted(bucket["objects"].items()):
        status = record.get("replication_status") or "NONE"
        matches = any(key.startswith(prefix) for prefix in job.prefixes)
        if matches and status in job.statuses and replication.is_lacking(job.bucket, key, record):
            yield key, record


def _may_replicate(job: _Job, key: str) -> bool:
    resource = f"arn:aws:s3:::{job.bucket}/{key}"
    return allowed(job.role_arn, "s3:InitiateReplication", resource, region=job.region)


def _described(job_id: str) -> Response:
    job = _jobs.get((get_account_id(), get_region(), job_id))
    if job is None:
        return _refusal("NoSuchJob", "The specified job does not exist.", 404)
    root = ET.Element("DescribeJobResult", xmlns=_NAMESPACE)
    about = ET.SubElement(root, "Job")
    _add(about, {"JobId": job.id, "Status": job.status, "RoleArn": job.role_arn})
    progress = ET.SubElement(about, "ProgressSummary")
    counts = {
        "TotalNumberOfTasks": job.succeeded + job.failed,
        "NumberOfTasksSucceeded": job.succeeded,
        "NumberOfTasksFailed": job.failed,
    }
    _add(progress, {name: str(count) for name, count in counts.items()})
    if job.reason is not None:
        reasons = ET.SubElement(about, "FailureReasons")
        _add(ET.SubElement(reasons, "member"), {"FailureReason": job.reason})
    return _answer(root)


def _answer(root: ET.Element) -> Response:
    status, headers, body = s3._s3control_response(root)
    return status, headers, body


def _refusal(code: str, message: str, status: int) -> Response:
    _, headers, body = s3.s3control_error(code, message, status)
    return status, headers, body


def _add(parent: ET.Element, members: dict[str, str]) -> None:
    for name, text in members.items():
        ET.SubElement(parent, name).text = text
