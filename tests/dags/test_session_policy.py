"""A job run's session policy: all but the other runs' data."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase

import pytest
from cross_account.session_policy import session_policy

RUN, OTHER = "20261122T123336123456", "20261122T123336123457"
LONGEST = 2048
"""Characters of StartJobRun's ExecutionRoleSessionPolicy (AWS Glue API Reference)."""


def denied(key: str) -> bool:
    """Whether the policy denies the run `RUN` the object `key` of its bucket."""
    _, deny = json.loads(session_policy("aws", "bucket", RUN))["Statement"]
    return not any(fnmatchcase(f"arn:aws:s3:::bucket/{key}", one) for one in deny["NotResource"])


@pytest.mark.parametrize(
    "key",
    [
        "raw/ml_train_data.csv",
        "scripts/mwaa_glue_raw_to_transform.py",
        f"staging/run={RUN}/a1/channel=train/part-0",
        f"staging/run={RUN}_$folder$",
        "staging_$folder$",
        f"transformed/run={RUN}/_manifest.json",
        f"rejected/run={RUN}/a1/part-0",
    ],
)
def test_a_run_works_on_its_own_data(key: str) -> None:
    assert not denied(key)


@pytest.mark.parametrize(
    "key",
    [
        f"staging/run={OTHER}/a1/part-0",
        f"transformed/run={OTHER}/_manifest.json",
        f"transformed/run={OTHER}/run={RUN}/part-0",
        f"rejected/run={OTHER}/a1/part-0",
        "config/training_config.json",
    ],
)
def test_it_neither_reads_nor_writes_anything_else(key: str) -> None:
    assert denied(key)


def test_it_names_the_partition() -> None:
    assert "arn:aws-cn:s3:::bucket/raw/*" in session_policy("aws-cn", "bucket", RUN)


def test_it_is_short_enough_for_the_longest_bucket_name() -> None:
    assert len(session_policy("aws-us-gov", "b" * 63, RUN)) <= LONGEST
