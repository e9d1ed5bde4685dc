"""What the topology lets through as a raw file's key, the Glue job takes as an argument."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.aws.naming import Names
from components.topology.limits import RAW_KEY_PATTERN
from components.topology.loading import load_topology
from components.topology.problems import TopologyError
from tests.topologies import minimal_topology
from workloads.glue.arguments import parse_arguments


def allows(key: str) -> bool:
    """Whether a topology with the raw file's key loads."""
    topology = minimal_topology()
    topology["data_pipelines"]["east1"]["raw_key"] = key
    names = Names(project="unified-pipelines", stack="dev")
    with contextlib.suppress(TopologyError):
        load_topology(topology, names=names, root=Path(__file__).parent)
        return True
    return False


def parsed(key: str) -> str:
    """The key as the job takes it from its DAG."""
    job = parse_arguments(
        [
            *("--bucket_name", "a-bucket", "--source_key", key, "--run", "20261122T123336123456"),
            *("--label_column", "label", "--max_rejected_fraction", "0.1", "--min_rows", "10"),
            *("--drop_duplicates", "false", "--settings_key", "s"),
        ]
    )
    return str(job.source_key)


@given(
    st.from_regex(RAW_KEY_PATTERN, fullmatch=True),
    st.sampled_from(["", ".csv", "/_x", "/.x", "/..x.csv", ".gz", ".BZ2"]),
)
def test_an_allowed_key_is_an_argument_of_the_job(start: str, end: str) -> None:
    if allows(start + end):
        assert parsed(start + end) == start + end


@pytest.mark.parametrize("end", [".bz2", ".deflate", ".gz", ".lz4", ".snappy", ".zip"])
def test_the_end_of_a_name_does_not_matter(end: str) -> None:
    assert allows(f"raw/x.csv{end}")
    assert parsed(f"raw/x.csv{end}") == f"raw/x.csv{end}"
