"""The smallest and the exact: limits that hold by one, and settings that AWS or Airflow is told."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from cross_account.manifest import ObjectVersion, read_manifest
from cross_account.run import RUN_PATTERN, run_of
from cross_account.settings import cleanup_client, default_args, job_attempts
from cross_account.task_guard import check_task

from tests.dags import example_data
from tests.dags.example_data import ATTEMPT, RUN
from tests.dags.example_topology import read, topology

EAST = read(topology()).data_pipelines["east1"]


def test_no_row_and_no_byte_are_numbers_too() -> None:
    content = example_data.manifest()
    content["rows"] = {"input": 4, "train": 3, "validation": 1, "rejected": 0, "duplicates": 0}
    content["files"][1]["size"] = 0
    manifest = read_manifest(RUN, content)
    assert manifest.rows.model_dump() == content["rows"]
    assert manifest.sizes[content["files"][1]["key"]] == 0
    assert (manifest.run, manifest.attempt) == (RUN, ATTEMPT)


@pytest.mark.parametrize("version_id", ["v", None])
def test_a_source_with_and_without_versions(version_id: str | None) -> None:
    content = example_data.manifest()
    content["source"]["version_id"] = version_id
    source = read_manifest(RUN, content).source
    assert source == ObjectVersion(etag='"e"', version_id=version_id)


@pytest.fixture
def half_past_five(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine that isn't in UTC."""
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_a_run_is_named_in_utc_wherever_the_machine_is(half_past_five: None) -> None:
    due = datetime(2026, 11, 22, 12, 33, 36, 123456, tzinfo=UTC)
    assert run_of(SimpleNamespace(run_type="manual", logical_date=None, run_after=due)) == RUN


def test_a_run_as_the_page_checks_it() -> None:
    assert RUN_PATTERN == "^[0-9]{8}T[0-9]{12}$"


def test_the_clean_up_is_waited_for_as_long_as_its_function_may_run() -> None:
    assert cleanup_client(300) == {"read_timeout": 330, "retries": {"max_attempts": 0}}
    assert cleanup_client(300) is not cleanup_client(300)


@pytest.mark.parametrize(("limit", "looks"), [(3600, 1080), (3601, 1081), (3605, 1081)])
def test_a_job_is_looked_at_to_its_end_and_half_an_hour_longer(limit: int, looks: int) -> None:
    assert job_attempts(limit) == looks
    assert looks * 5 >= limit + 1800


def test_what_holds_of_every_task() -> None:
    arguments = default_args(EAST, read(topology()).hub)
    assert callable(arguments.pop("on_failure_callback"))
    assert arguments == {
        "owner": "east1",
        "pre_execute": check_task,
        "retries": 3,
        "retry_delay": timedelta(seconds=10),
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(minutes=5),
        "execution_timeout": timedelta(minutes=10),
    }
