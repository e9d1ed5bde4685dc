"""The session policy of a Glue job run: of all runs' objects, those of its own run alone.

A session has what this policy and the job's role both allow, so "allow everything" grants nothing.
What it denies is another run's data, which the role itself can't tell from the run's own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

_AREAS = ("staging", "transformed", "rejected")
"""Where a job run writes, each time below `run=<run>`."""

_SHARED = (
    *("raw/*", "scripts/*"),
    # Spark's S3 client looks for these and marks them, and Glue has its own.
    *("staging", "staging/", "staging_$folder$", "staging/glue-temporary/*"),
)
"""What belongs to no run."""

_ON_OBJECTS = (
    *("s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:GetObjectVersion"),
    "s3:PutObject",
)


def session_policy(partition: str, bucket_name: str, run: str) -> str:
    """The policy of a job run that processes `run`, as StartJobRun takes it."""
    statements = [
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {
            "Effect": "Deny",
            "Action": list(_ON_OBJECTS),
            "NotResource": [f"arn:{partition}:s3:::{bucket_name}/{key}" for key in _keys_of(run)],
        },
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, separators=(",", ":"))


def _keys_of(run: str) -> Iterator[str]:
    # Without a slash after the run: before Glue 5.1 a folder's mark stands beside it.
    yield from (f"{area}/run={run}*" for area in _AREAS)
    yield from _SHARED
