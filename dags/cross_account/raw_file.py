"""The version of the raw file that a run is made from, or was made from."""

from __future__ import annotations

from cross_account.failure import PipelineError
from cross_account.manifest import read_manifest
from cross_account.pipeline_bucket import PipelineBucket
from cross_account.run import manifest_key


class RawFileReplacedError(PipelineError):
    """A run is complete, and the raw file was replaced since."""


class NoSuchVersionError(PipelineError):
    """A run names a version of the raw file that doesn't exist."""


def require_version(bucket: PipelineBucket, run: str, raw_key: str, version_id: str) -> None:
    """Raise if there is no such version of `raw_key` and `run`, which reads it, isn't complete."""
    if bucket.version(raw_key, version_id) or bucket.read_json(manifest_key(run)) is not None:
        return
    raise NoSuchVersionError(
        f"There is no version {version_id!r} of {bucket.url(raw_key)}: it was deleted, or it is "
        "another object's. Trigger a new DAG run with a version that exists, or without "
        "raw_version for the current one."
    )


def check_raw_file(bucket: PipelineBucket, run: str, raw_key: str) -> None:
    """Raise if `run` is complete and was made from an earlier version of `raw_key`.

    A key that ends in a slash stands for several objects, which aren't compared.
    """
    content = None if raw_key.endswith("/") else bucket.read_json(manifest_key(run))
    if content is None:
        return
    found = bucket.version(raw_key)
    if found not in {None, read_manifest(run, content).source}:
        raise RawFileReplacedError(
            f"Run {run} is complete and was made from an earlier version of {bucket.url(raw_key)}: "
            "trigger a new DAG run to process the current version, or mark this task as success "
            "to continue with the run as it is."
        )
