"""S3 replication as AWS does it: later, in any order, to every destination, as the role.

MiniStack copies while the object is being written, to the first matching rule's destination only,
keeps the source's key on the replica, and asks only the destination's bucket policy. Here objects
are replicated a moment later and newest first, so that whoever takes the last object written for
the sign that all are there is found out.
"""
# ruff: noqa: SLF001 -- hooks into MiniStack's own functions

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
"""How long after the first object written the first replica is."""

SPACING_SECONDS = 0.02
"""How long after one replica the next is written, so that a reader can come in between."""


@dataclass(frozen=True, kw_only=True, eq=False)
class _Written:
    """An object version that waits for its replication."""

    account_id: str
    region: str
    bucket: str
    key: str
    record: dict[str, Any]
    body: bytes
    tags: dict[str, str]


_waiting: list[_Written] = []


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
    """Take MiniStack's place where it would replicate at once: mark as PENDING and wait."""
    if not matching_rules(bucket, key, tags or {}):
        return
    record["replication_status"] = "PENDING"
    _waiting.append(
        _Written(
            account_id=get_account_id(),
            region=get_region(),
            bucket=bucket,
            key=key,
            record=record,
            body=body,
            tags=tags or {},
        )
    )
    if len(_waiting) == 1:
        loop: asyncio.AbstractEventLoop = ministack.app._MAIN_LOOP
        loop.call_soon_threadsafe(loop.call_later, DELAY_SECONDS, _replicate_newest, loop)


def _replicate_newest(loop: asyncio.AbstractEventLoop) -> None:
    """Replicate the object written last, and the others after it; those that are held wait."""
    written = next((one for one in reversed(_waiting) if not faults.replica_is_held(one.key)), None)
    if written is None:
        loop.call_later(DELAY_SECONDS, _replicate_newest, loop)
        return
    with request_scope(written.account_id, written.region):
        rules = matching_rules(written.bucket, written.key, written.tags)
        done = [_replicate(written, rule) for rule in rules]
        _stamp(written, "COMPLETED" if all(done) else "FAILED")
    # Only now: whoever adds the first one starts a new round.
    _waiting.remove(written)
    if _waiting:
        loop.call_later(SPACING_SECONDS, _replicate_newest, loop)


def _stamp(written: _Written, status: str) -> None:
    versions = s3._object_versions.get((written.bucket, written.key)) or []
    written.record["replication_status"] = status
    for version in versions:
        if version["version_id"] == written.record.get("version_id"):
            version["replication_status"] = status


def _replicate(written: _Written, rule: dict[str, Any]) -> bool:
    """Whether the replica that `rule` asks for was written."""
    role = s3._bucket_replication.get(written.bucket)["Role"]
    destination = s3._replication_destination(written.bucket, written.key, rule, role)
    if destination is None:
        _logger.warning("replication of %s: no such destination", written.key)
        return False
    name, account_id, bucket = destination
    replica = Replica(
        source_bucket=written.bucket,
        key=written.key,
        source_headers=written.record.get("preserved_headers", {}),
        destination_bucket=name,
        rule=rule,
    )
    lacking = replication_permissions.lacking(role, replica)
    if lacking:
        _logger.warning("replication of %s: %s lacks %s", written.key, role, lacking)
        return False
    _write(written, replica, account_id, bucket)
    _logger.info("replicated s3://%s/%s to %s", written.bucket, written.key, name)
    return True


def _write(written: _Written, replica: Replica, account_id: str, bucket: dict[str, Any]) -> None:
    record = copy.copy(written.record)
    record.pop("version_id", None)
    record["replication_status"] = "REPLICA"
    record["preserved_headers"] = replica.headers
    prior = bucket["objects"].get(written.key)
    bucket["objects"][written.key] = record
    region = (buckets.bucket_of(replica.destination_bucket) or {}).get("region")
    with request_scope(account_id, region or written.region):
        version = s3._record_object_version(
            replica.destination_bucket, written.key, prior, record, written.body
        )
        if written.tags:
            s3._object_tags[(replica.destination_bucket, written.key, version)] = written.tags
