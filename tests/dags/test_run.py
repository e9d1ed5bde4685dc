from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

import pytest
from cross_account.run import (
    is_run,
    manifest_key,
    moment_of,
    run_of,
    run_of_prefix,
    run_prefix,
    summary_key,
)

RUN = "20261122T123336123456"


@dataclass
class DagRun:
    run_after: datetime
    run_type: str = "manual"
    logical_date: datetime | None = None


def test_a_run_is_named_to_the_microsecond() -> None:
    due = datetime(2026, 11, 22, 12, 33, 36, 123456, tzinfo=UTC)
    assert run_of(DagRun(due)) == RUN
    assert moment_of(RUN) == due
    assert run_of(DagRun(due + timedelta(microseconds=1))) != RUN


def test_a_run_is_named_in_utc() -> None:
    east = timezone(timedelta(hours=5, minutes=30))
    assert run_of(DagRun(datetime(2026, 11, 22, 18, 3, 36, 123456, tzinfo=east))) == RUN


def test_names_sort_as_the_moments_do() -> None:
    dice = random.Random(1)
    start = datetime(2000, 1, 1, tzinfo=UTC)
    moments = [start + timedelta(microseconds=dice.randrange(10**15)) for _ in range(500)]
    names = [run_of(DagRun(moment)) for moment in sorted(moments)]
    assert names == sorted(names)
    assert all(map(is_run, names))


@pytest.mark.parametrize(
    "name",
    ["", None, 7, RUN[:-1], RUN + "0", RUN + "\n", "2026-11-22T12:33", "../" + RUN, "٢" + RUN[1:]],
)
def test_what_is_no_run(name: object) -> None:
    assert not is_run(name)


def test_keys() -> None:
    assert run_prefix(RUN) == f"transformed/run={RUN}/"
    assert manifest_key(RUN) == f"transformed/run={RUN}/_manifest.json"
    assert summary_key(RUN) == f"runs/{RUN}/summary.json"


@pytest.mark.parametrize("folder", ["transformed/run=x/", f"run={RUN}/", f"transformed/run={RUN}"])
def test_a_folder_that_is_no_runs(folder: str) -> None:
    assert run_of_prefix(folder) is None
    assert run_of_prefix(run_prefix(RUN)) == RUN
