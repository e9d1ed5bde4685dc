"""S3 replication as AWS does it: later, in any order, to every destination, as the role.

MiniStack copies while the object is written, to the destination of the first matching rule only,
keeps the source's key on the replica, and checks only the destination's bucket policy. Here
objects are replicated a moment later and newest first. A reader that takes the object written last
as the sign that all have arrived therefore fails here, too.
"""
# ruff: noqa: SLF001 -- reads and writes MiniStack's own stores

from __future__ import annotations

import asyncio
import copy
import logging
from dataclasses import dataclass
from typing import Any

import ministack.app
from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import s3

from local.gateway import faults
from local.gateway.s3 import replication_permissions
from local.gateway.s3.replication_permissions import Replica
from local.gateway.stores import buckets

_logger = logging.getLogger(__name__)

DELAY_SECONDS = 0.5
"""From the first object written to the first replica."""

SPACING_SECONDS = 0.02
"""From one replica to the next, so that a reader can come in between."""


@dataclass(frozen=True, kw_only=True, eq=False)
class _PendingObject:
    """An object version that waits for its replication."""

    account_id: str
    region: str
    bucket: str
    key: str
    record: dict[str, Any]
    body: bytes
    tags: dict[str, str]


_pending: list[_PendingObject] = []

_replicated: set[tuple[str, str, str, str]] = set()
"""What has been replicated: source bucket, key, version, destination bucket."""


def matching_rules(bucket: str, key: str, tags: dict[str, str]) -> list[dict[str, Any]]:
    """The enabled rules for an object: of several with one destination, the first by priority."""
    configuration = s3._bucket_replication.get(bucket)
    if not configuration or s3._bucket_versioning.get(bucket) != "Enabled":
        return []
    matching = [
        rule
        for rule in configuration.get("Rules", [])
        if rule.get("Status") == "Enabled"
        and key.startswith(s3._replication_rule_prefix(rule))
        and s3._replication_rule_tags(rule).items() <= tags.items()
    ]
    by_destination: dict[str, dict[str, Any]] = {}
    for rule in sorted(matching, key=lambda rule: int(rule.get("Priority") or 0)):
        by_destination[rule["Destination"]["Bucket"]] = rule
    return list(by_destination.values())


def maybe_replicate(
    bucket: str, key: str, record: dict[str, Any], body: Any, tags: dict[str, str] | None = None
) -> None:
    """Mark an object as PENDING, and replicate it later. MiniStack would replicate it at once."""
    if not matching_rules(bucket, key, tags or {}):
        return
    record["replication_status"] = "PENDING"
    _pending.append(
        _PendingObject(
            account_id=get_account_id(),
            region=get_region(),
            bucket=bucket,
            key=key,
            record=record,
            body=body,
            tags=tags or {},
        )
    )
    if len(_pending) == 1:
        loop: asyncio.AbstractEventLoop = ministack.app._MAIN_LOOP
        loop.call_soon_threadsafe(loop.call_later, DELAY_SECONDS, _replicate_newest, loop)


def is_lacking(bucket: str, key: str, record: dict[str, Any]) -> bool:
    """Whether a destination has never had the object's version."""
    return bool(_lacking_rules(bucket, key, record))


def replicate_again(bucket: str, key: str, record: dict[str, Any]) -> bool:
    """Replicate the current version to the destinations that never had it; whether all have it."""
    version = record.get("version_id")
    again = _PendingObject(
        account_id=get_account_id(),
        region=get_region(),
        bucket=bucket,
        key=key,
        record=record,
        body=s3._read_body(bucket, key, record),
        tags=s3._object_tags.get((bucket, key, version)) or {},
    )
    done = [_replicate(again, rule) for rule in _lacking_rules(bucket, key, record)]
    _stamp(again, "COMPLETED" if all(done) else "FAILED")
    return all(done)


def _lacking_rules(bucket: str, key: str, record: dict[str, Any]) -> list[dict[str, Any]]:
    tags = s3._object_tags.get((bucket, key, record.get("version_id"))) or {}
    return [
        rule
        for rule in matching_rules(bucket, key, tags)
        if _trace(bucket, key, record, rule["Destination"]["Bucket"].rpartition(":")[2])
        not in _replicated
    ]


def _trace(
    bucket: str, key: str, record: dict[str, Any], destination: str
) -> tuple[str, str, str, str]:
    return bucket, key, str(record.get("version_id")), destination


def _replicate_newest(loop: asyncio.AbstractEventLoop) -> None:
    """Replicate the object that was written last, then schedule the next; held objects wait."""
    pending = next((one for one in reversed(_pending) if not faults.replica_is_held(one.key)), None)
    if pending is None:
        loop.call_later(DELAY_SECONDS, _replicate_newest, loop)
        return
    with request_scope(pending.account_id, pending.region):
        rules = matching_rules(pending.bucket, pending.key, pending.tags)
        done = [_replicate(pending, rule) for rule in rules]
        _stamp(pending, "COMPLETED" if all(done) else "FAILED")
    # Only now: `maybe_replicate` starts a new round where it adds the first one.
    _pending.remove(pending)
    if _pending:
        loop.call_later(SPACING_SECONDS, _replicate_newest, loop)


def _stamp(pending: _PendingObject, status: str) -> None:
    versions = s3._object_versions.get((pending.bucket, pending.key)) or []
    pending.record["replication_status"] = status
    for version in versions:
        if version["version_id"] == pending.record.get("version_id"):
            version["replication_status"] = status


def _replicate(pending: _PendingObject, rule: dict[str, Any]) -> bool:
    """Whether the replica that `rule` asks for was written."""
    role = s3._bucket_replication.get(pending.bucket)["Role"]
    destination = s3._replication_destination(pending.bucket, pending.key, rule, role)
    if destination is None:
        _logger.warning("replication of %s: the destination bucket doesn't exist", pending.key)
        return False
    name, account_id, bucket = destination
    replica = Replica(
        source_bucket=pending.bucket,
        key=pending.key,
        source_headers=pending.record.get("preserved_headers", {}),
        destination_bucket=name,
        rule=rule,
    )
    missing = replication_permissions.missing(role, replica)
    if missing:
        _logger.warning("replication of %s: %s lacks %s", pending.key, role, missing)
        return False
    _write(pending, replica, account_id, bucket)
    _replicated.add(_trace(pending.bucket, pending.key, pending.record, name))
    _logger.info("replicated s3://%s/%s to %s", pending.bucket, pending.key, name)
    return True


def _write(
    pending: _PendingObject, replica: Replica, account_id: str, bucket: dict[str, Any]
) -> None:
    record = copy.copy(pending.record)
    record.pop("version_id", None)
    record["replication_status"] = "REPLICA"
    record["preserved_headers"] = replica.headers
    prior = bucket["objects"].get(pending.key)
    bucket["objects"][pending.key] = record
    region = buckets.region_of(replica.destination_bucket)
    with request_scope(account_id, region or pending.region):
        version = s3._record_object_version(
            replica.destination_bucket, pending.key, prior, record, pending.body
        )
        if pending.tags:
            s3._object_tags[(replica.destination_bucket, pending.key, version)] = pending.tags
