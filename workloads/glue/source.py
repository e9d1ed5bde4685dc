"""The version of the raw file that a run reads.

The job copies it below `staging/` and reads only the copy: it can't change meanwhile, and has a
name that Spark takes as it is.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from workloads.glue.arguments import Job
from workloads.glue.errors import InputError, JobError

MISSING = frozenset({"404", "NoSuchKey", "NotFound"})
"""The error codes with which S3 says that there is no such object."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """The version of the source object that is read."""

    etag: str
    version_id: str | None
    size: int

    @property
    def version(self) -> str:
        """What tells this version from others; a bucket without versioning has no ids."""
        return self.version_id or self.etag


def error_code(error: ClientError) -> str:
    """The error's code, such as `404` or `PreconditionFailed`."""
    return str(error.response.get("Error", {}).get("Code"))


def read_settings(s3: Any, job: Job) -> dict[str, Any]:
    """The job's settings, which the deployment wrote beside its code."""
    content = s3.get_object(Bucket=job.bucket, Key=job.settings_key)["Body"].read()
    settings: dict[str, Any] = json.loads(content)
    return settings


def copy_source(s3: Any, job: Job) -> Source:
    """Copy the version that the run reads, the given or else the current one; returns it."""
    original = {"Bucket": job.bucket, "Key": job.source_key}
    if job.source_version is not None:
        original["VersionId"] = job.source_version
    try:
        found = s3.head_object(**original)
        source = Source(
            etag=found["ETag"], version_id=found.get("VersionId"), size=found["ContentLength"]
        )
        if source.version_id is not None:
            original["VersionId"] = source.version_id
        # Only the bytes: with its tags the copy would need further permissions.
        plain = {"MetadataDirective": "REPLACE", "TaggingDirective": "REPLACE"}
        s3.copy(original, job.bucket, job.copy_key, {**plain, "CopySourceIfMatch": source.etag})
    except ClientError as error:
        if (reason := unreadable(job, error_code(error))) is None:
            raise
        raise reason from error
    return source


def unreadable(job: Job, code: str) -> JobError | None:
    """The sentence for a source that S3 doesn't give, by S3's error code."""
    if code == "403":
        # A response to HeadObject has no body, so S3's message is only "Forbidden".
        return JobError(
            f"The job's role may not read {job.source}: it needs s3:GetObject and "
            "s3:GetObjectVersion on that key, and kms:Decrypt with the key that encrypts it."
        )
    # S3 answers 405 for a version that is a delete marker, and 400 for what can't be a version.
    if job.source_version is not None and code in {*MISSING, "NoSuchVersion", "405", "400"}:
        return InputError(
            f"There is no version {job.source_version!r} of {job.source}: it was deleted, or it is "
            "another object's."
        )
    return JobError(f"There is no object {job.source}.") if code in MISSING else None
