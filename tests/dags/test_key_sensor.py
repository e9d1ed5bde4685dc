"""A wait that times out names what is missing, and a retry doesn't begin it again."""

from __future__ import annotations

from typing import Any
from unittest.mock import MagicMock

import pytest
from airflow.providers.amazon.aws.hooks.s3 import S3Hook
from airflow.providers.amazon.aws.sensors.s3 import S3KeySensor
from cross_account.key_sensor import AirflowSensorTimeout, CrossAccountKeySensor

pytestmark = pytest.mark.airflow

TIMED_OUT = ("__fail__", {"error": "Trigger timeout"})
"""How Airflow resumes a task whose trigger may wait no longer."""


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The keys that are in the bucket."""
    keys: set[str] = set()

    def head_object(_hook: S3Hook, key: str, bucket_name: str) -> dict[str, Any] | None:
        assert bucket_name == "bucket"
        return {"ContentLength": 1} if key in keys else None

    monkeypatch.setattr(S3Hook, "head_object", head_object)
    return keys


def sensor(*keys: str) -> CrossAccountKeySensor:
    return CrossAccountKeySensor(
        task_id="wait",
        aws_conn_id=None,
        bucket_name="bucket",
        bucket_key=keys[0] if len(keys) == 1 else list(keys),
        timeout=7200,
        deferrable=True,
        next_step="Look for it.",
    )


def test_the_missing_key_is_named(there: set[str]) -> None:
    there.add("raw/a.csv")
    with pytest.raises(AirflowSensorTimeout) as failure:
        sensor("raw/a.csv", "raw/b.csv").resume_execution(*TIMED_OUT, {})
    assert "raw/b.csv" in str(failure.value)
    assert "raw/a.csv" not in str(failure.value)


def test_what_came_unnoticed_is_no_failure(there: set[str]) -> None:
    there.add("raw/file.csv")
    assert sensor("raw/file.csv").resume_execution(*TIMED_OUT, {}) is None


def test_the_stock_sensor_gets_the_context(monkeypatch: pytest.MonkeyPatch) -> None:
    stock = MagicMock(return_value="result")
    monkeypatch.setattr(S3KeySensor, "execute_complete", stock)
    event, context = {"status": "success"}, {"ti": None}
    assert sensor("a").resume_execution("execute_complete", {"event": event}, context) == "result"
    stock.assert_called_once_with(context, event=event)


def test_another_failure_stays_what_it_is(there: set[str]) -> None:
    with pytest.raises(Exception, match="no permission") as failure:
        sensor("a").resume_execution(
            "execute_complete", {"event": {"status": "error", "message": "no permission"}}, {}
        )
    assert not isinstance(failure.value, AirflowSensorTimeout)
