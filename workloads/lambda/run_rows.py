"""What becomes of a run's rows once it has a model: they are deleted, or marked for S3 to delete.

Everything below `transformed/run=<run>/` is meant, but for the manifest and the schema that it
names. The manifest of a training on several sources lists in `superseded` the folders of their
replicas that no later training takes: these, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

RUN_PATTERN = re.compile(r"[0-9]{8}T[0-9]{12}")
FOLDER_PATTERN = re.compile(rf"transformed/run={RUN_PATTERN.pattern}/[^/]+/")
"""The folder of one source's run, with the closing slash that keeps others out."""

TRAINED_TAG = {"Key": "trained", "Value": "true"}
"""The tag by which the bucket's lifecycle rule knows rows that have a model."""

DELETE_LIMIT = 1000
"""Versions that one DeleteObjects may name (S3's limit)."""


class CleanupError(Exception):
    """An invalid payload, or a deletion that S3 completed only in part."""


def run_folder(run: str) -> str:
    """The run's data, with the closing slash that keeps other runs out."""
    return f"transformed/run={run}/"


def manifest_key(run: str) -> str:
    """The key of the manifest, which outlives the data."""
    return f"{run_folder(run)}_manifest.json"


def settle(
    s3: Any, bucket: str, run: str, manifest: Mapping[str, Any], keep_days: int
) -> dict[str, Any]:
    """Delete the run's rows, or mark them to be kept for `keep_days`; returns what was done.

    `rows_kept_until` is the day on which S3 deletes the first of them, null where none is left.
    """
    but = kept(run, manifest)
    folders = [run_folder(run), *superseded(manifest)]
    if keep_days == 0:
        deleted = sum(delete_versions(s3, bucket, folder, but) for folder in folders)
        return {"deleted_versions": deleted, "rows_kept_until": None}
    written = [time for folder in folders for time in mark(s3, bucket, folder, but)]
    until = expiry(min(written), keep_days) if written else None
    return {"deleted_versions": 0, "rows_kept_until": until}


def kept(run: str, manifest: Mapping[str, Any]) -> set[str]:
    """The keys of what outlives the data: the manifest, and the schema, which models need."""
    own = manifest_key(run)
    return {own, (manifest.get("schema") or {}).get("key", own)}


def superseded(manifest: Mapping[str, Any]) -> list[str]:
    """The folders of sources' replicas that the training was the last one to take."""
    folders = manifest.get("superseded", [])
    for folder in folders:
        if not isinstance(folder, str) or not FOLDER_PATTERN.fullmatch(folder):
            raise CleanupError(
                f"superseded: expected a folder like transformed/run=<run>/<attempt>/, got "
                f"{folder!r}, so nothing was deleted."
            )
    return list(folders)


def expiry(written: datetime, days: int) -> str:
    """The day on which S3 deletes an object: the midnight after it is old enough, and marked."""
    due = max(written + timedelta(days=days), datetime.now(UTC))
    return (due.astimezone(UTC) + timedelta(days=1)).date().isoformat()


def mark(s3: Any, bucket: str, folder: str, but: Set[str]) -> Iterator[datetime]:
    """Tag every object of the folder, `but` for those keys; yields when each was written."""
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=folder):
        for found in page.get("Contents", []):
            if found["Key"] not in but:
                tags = {"TagSet": [TRAINED_TAG]}
                s3.put_object_tagging(Bucket=bucket, Key=found["Key"], Tagging=tags)
                yield found["LastModified"]


def data_versions(s3: Any, bucket: str, folder: str, but: Set[str]) -> Iterator[dict[str, str]]:
    """Every version and delete marker of the folder's objects, `but` for those keys."""
    pages = s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=folder)
    for page in pages:
        for found in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
            if found["Key"] not in but:
                yield {"Key": found["Key"], "VersionId": found["VersionId"]}


def delete_versions(s3: Any, bucket: str, folder: str, but: Set[str]) -> int:
    """Delete every version of the folder's data; returns how many. Fails if any is left."""
    # Listed completely before the first is deleted: pages of a changing listing may skip some.
    versions = iter(list(data_versions(s3, bucket, folder, but)))
    deleted = 0
    while batch := list(islice(versions, DELETE_LIMIT)):
        answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": batch, "Quiet": True})
        if errors := answer.get("Errors", []):
            first = errors[0]
            raise CleanupError(
                f"{len(errors)} versions below s3://{bucket}/{folder} could not be "
                f"deleted; the first is {first.get('Key')} ({first.get('Code')}): call again."
            )
        deleted += len(batch)
    return deleted
