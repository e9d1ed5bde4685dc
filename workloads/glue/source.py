"""The versions of the raw files that a run reads: of one object, or of all below a prefix.

The job copies them below `staging/` and reads only the copies: they can't change meanwhile, and
have names that Spark takes as they are.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from workloads.glue.arguments import Job
from workloads.glue.dialect import NAME_ENDS, PARQUET, Input, compression_of
from workloads.glue.errors import InputError, JobError

MISSING = frozenset({"404", "NoSuchKey", "NotFound"})
"""The error codes with which S3 says that there is no such object."""


MAXIMUM_FILES = 1000
"""Each is copied by a request and read by a task of its own."""

COPIES_AT_ONCE = 8

ONLY_BYTES = {"MetadataDirective": "REPLACE", "TaggingDirective": "REPLACE"}
"""How objects are copied: with their tags a copy would need further permissions."""


@dataclass(frozen=True, kw_only=True)
class SourceFile:
    """The version of an object that is read, and the key of its copy."""

    key: str
    copy_key: str
    etag: str
    version_id: str | None
    size: int

    @property
    def version(self) -> str:
        """What tells this version from others; a bucket without versioning has no ids."""
        return self.version_id or self.etag


@dataclass(frozen=True, kw_only=True)
class Source:
    """All files that are read, in the order of their keys, and how they are written."""

    input: Input
    files: tuple[SourceFile, ...]

    @property
    def folder(self) -> str:
        """The prefix of all copies, and of nothing else."""
        return self.files[0].copy_key.rpartition("/")[0] + "/"

    @property
    def size(self) -> int:
        """The bytes of all of them."""
        return sum(file.size for file in self.files)


def error_code(error: ClientError) -> str:
    """The error's code, such as `404` or `PreconditionFailed`."""
    return str(error.response.get("Error", {}).get("Code"))


def read_settings(s3: Any, job: Job) -> dict[str, Any]:
    """The job's settings, which the deployment wrote beside its code."""
    content = s3.get_object(Bucket=job.bucket, Key=job.settings_key)["Body"].read()
    settings: dict[str, Any] = json.loads(content)
    return settings


def copy_source(s3: Any, job: Job, given: Input) -> Source:
    """Copy the versions that the run reads, the given or else the current ones; returns them."""
    keys = _keys_below(s3, job) if job.reads_prefix else [job.source_key]

    def copied(numbered: tuple[int, str]) -> SourceFile:
        number, key = numbered
        # Spark unpacks what it reads by the end of its name.
        end = f"{NAME_ENDS[given.format]}{'' if given.format == PARQUET else compression_of(key)}"
        return copy_version(s3, job, key, f"{job.copies}{number:05d}{end}")

    with ThreadPoolExecutor(max_workers=COPIES_AT_ONCE) as pool:
        return Source(input=given, files=tuple(pool.map(copied, enumerate(keys))))


def _keys_below(s3: Any, job: Job) -> list[str]:
    """The objects below the prefix; not those that mark folders, or the end of an export."""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=job.bucket, Prefix=job.source_key)
    found = [each for page in pages for each in page.get("Contents", []) if each["Size"]]
    # Spark, too, ignores files whose names begin like this.
    keys = [each["Key"] for each in found if each["Key"].rsplit("/", 1)[1][:1] not in {"_", "."}]
    if not keys:
        raise InputError(f"There is no object with content below {job.source}.")
    if len(keys) > MAXIMUM_FILES:
        raise InputError(
            f"There are {len(keys)} objects below {job.source}, and a run reads at most "
            f"{MAXIMUM_FILES}: join them into larger ones, or read a longer prefix."
        )
    return sorted(keys)


def copy_version(s3: Any, job: Job, key: str, copy_key: str) -> SourceFile:
    """Copy the version of an object that the job names, or else the current one; returns it."""
    original = {"Bucket": job.bucket, "Key": key}
    if job.source_version is not None:
        original["VersionId"] = job.source_version
    try:
        found = s3.head_object(**original)
        file = SourceFile(
            key=key,
            copy_key=copy_key,
            etag=found["ETag"],
            version_id=found.get("VersionId"),
            size=found["ContentLength"],
        )
        if file.version_id is not None:
            original["VersionId"] = file.version_id
        s3.copy(original, job.bucket, copy_key, {**ONLY_BYTES, "CopySourceIfMatch": file.etag})
    except ClientError as error:
        if (reason := unreadable(job, key, error_code(error))) is None:
            raise
        raise reason from error
    return file


def unreadable(job: Job, key: str, code: str) -> JobError | None:
    """The sentence for a source that S3 doesn't give, by S3's error code."""
    uri = job.uri(key)
    if code == "403":
        # A response to HeadObject has no body, so S3's message is only "Forbidden".
        return JobError(
            f"The job's role may not read {uri}: it needs s3:GetObject and "
            "s3:GetObjectVersion on that key, and kms:Decrypt with the key that encrypts it."
        )
    # S3 answers 405 for a version that is a delete marker, and 400 for what can't be a version.
    if job.source_version is not None and code in {*MISSING, "NoSuchVersion", "405", "400"}:
        return InputError(
            f"There is no version {job.source_version!r} of {uri}: it was deleted, or it is "
            "another object's."
        )
    return JobError(f"There is no object {uri}.") if code in MISSING else None
