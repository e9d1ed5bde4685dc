"""Whether a run that is complete was made from the raw file that is there now."""

from __future__ import annotations

from cross_account.failure import PipelineError
from cross_account.manifest import read_manifest
from cross_account.pipeline_bucket import PipelineBucket
from cross_account.run import manifest_key


class RawFileReplacedError(PipelineError):
    """A run is complete, and the raw file isn't the one that it was made from any more."""


def check_raw_file(bucket: PipelineBucket, run: str, raw_key: str) -> None:
    """Raise if `run` is complete already, from another version of `raw_key` than there is now."""
    content = bucket.read_json(manifest_key(run))
    if content is None:
        return
    found = bucket.version(raw_key)
    if found not in {None, read_manifest(run, content).source}:
        raise RawFileReplacedError(
            f"Run {run} was made from another version of {bucket.url(raw_key)} than is there now, "
            "and never changes: trigger a new DAG run for this version, or mark this task as "
            "success to go on with the run as it is."
        )
