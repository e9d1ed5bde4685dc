"""Finished parts are copied from `staging/` to their keys, once each."""

from __future__ import annotations

import json
import logging
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from workloads.glue.arguments import Job
from workloads.glue.errors import JobError

_LOG = logging.getLogger(__name__)

COPIES_AT_ONCE = 8
DELETE_LIMIT = 1000
"""Objects that one DeleteObjects may name (an S3 limit)."""

STAGED_PATTERN = re.compile(r"/channel=(train|validation|rejected)/part-[^/]+$")


def publish(s3: Any, job: Job, area: str) -> list[dict[str, Any]]:
    """Copy the staged parts of `area` to their keys, once each; returns the files there."""
    sizes = {key: size for key, size in listed(s3, job, "staging") if STAGED_PATTERN.search(key)}
    folder = job.folder(area)
    keys = published_keys(job, sorted(sizes)).items()
    targets = {staged: key for staged, key in keys if key.startswith(folder)}

    def copy(staged: str) -> None:
        origin = {"Bucket": job.bucket, "Key": staged}
        s3.copy_object(Bucket=job.bucket, Key=targets[staged], CopySource=origin)

    with ThreadPoolExecutor(max_workers=COPIES_AT_ONCE) as pool:
        list(pool.map(copy, targets))
    arrived = dict(listed(s3, job, area))
    if arrived != {key: sizes[staged] for staged, key in targets.items()}:
        raise JobError(
            f"The copies below s3://{job.bucket}/{folder} differ from what was staged, so the run "
            "was not published: start the job again."
        )
    return [{"key": key, "size": size} for key, size in sorted(arrived.items())]


def publish_schema(s3: Any, job: Job, content: Mapping[str, Any]) -> dict[str, Any]:
    """Write the attempt's schema; returns it as a file. It counts once the manifest names it."""
    body = json.dumps(content, indent=1, ensure_ascii=False).encode()
    s3.put_object(Bucket=job.bucket, Key=job.schema_key, Body=body, ContentType="application/json")
    return {"key": job.schema_key, "size": len(body)}


def published_keys(job: Job, staged: Sequence[str]) -> dict[str, str]:
    """The key of each staged part; parts are numbered within their channel."""
    targets: dict[str, str] = {}
    numbers: Counter[str] = Counter()
    for key in staged:
        channel = key.split("/channel=")[1].split("/")[0]
        name = f"part-{numbers[channel]:05d}"
        numbers[channel] += 1
        if channel == "rejected":
            targets[key] = f"{job.folder('rejected')}{name}.jsonl"
        else:
            targets[key] = f"{job.folder('transformed')}{channel}/{name}.csv"
    return targets


def listed(s3: Any, job: Job, area: str) -> Iterator[tuple[str, int]]:
    """Keys and sizes of the attempt's objects below `area`."""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=job.bucket, Prefix=job.folder(area))
    for page in pages:
        for found in page.get("Contents", []):
            yield found["Key"], found["Size"]


def clear_staging(s3: Any, job: Job) -> None:
    """Delete what this attempt staged; what can't be deleted expires by the bucket's lifecycle."""
    keys = [{"Key": key} for key, _ in listed(s3, job, "staging")]
    for start in range(0, len(keys), DELETE_LIMIT):
        batch = {"Objects": keys[start : start + DELETE_LIMIT], "Quiet": True}
        for error in s3.delete_objects(Bucket=job.bucket, Delete=batch).get("Errors", []):
            _LOG.warning("%s was left behind: %s", error["Key"], error["Code"])
