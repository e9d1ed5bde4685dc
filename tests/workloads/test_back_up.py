"""What the function writes of an environment."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest

from clients.airflow_rest_api import RefusedError

back_up: Any = import_module("workloads.lambda.back_up")


def run_row(number: int) -> dict[str, Any]:
    """A DAG run as Airflow's REST API has it, with members that aren't kept."""
    row: dict[str, Any] = dict.fromkeys(back_up._KEPT)
    return {**row, "dag_id": "data_east1", "dag_run_id": f"r{number}", "dag_versions": []}


class FakeApi:
    """An `AirflowRestApi` that pages as Airflow does."""

    def __init__(self, recorded: list[str] | None = None) -> None:
        self._recorded = recorded
        self._rows: dict[str, list[dict[str, Any]]] = {
            "dags": [
                {"dag_id": "data_east1", "is_paused": True},
                {"dag_id": "ml_west2", "is_paused": True},
                {"dag_id": "own", "is_paused": False},
            ],
            "variables": [{"key": "k", "value": "v", "description": None, "is_encrypted": True}],
            "dag_runs": [run_row(number) for number in range(250)],
        }

    def call(
        self, method: str, path: str, body: object = None, query: dict[str, str] | None = None
    ) -> dict[str, Any]:
        assert (method, body) == ("GET", None)
        if path.startswith("/variables/"):
            if self._recorded is None:
                raise RefusedError("no such variable", 404)
            return {"value": json.dumps(self._recorded)}
        name = {"/dags/~/dagRuns": "dag_runs"}.get(path, path.strip("/"))
        assert query is not None
        first, most = int(query["offset"]), int(query["limit"])
        rows = self._rows[name]
        return {name: rows[first : first + most], "total_entries": len(rows)}


NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ENVIRONMENT_NAME", "BUCKET_NAME", "BUCKET_REGION", "AWS_LAMBDA_FUNCTION_NAME"):
        monkeypatch.setenv(name, name.lower())


def test_every_page_is_taken_and_only_what_restoring_needs() -> None:
    found = back_up.metadata(FakeApi(), NOW)
    assert [row["dag_run_id"] for row in found["dag_runs"]] == [f"r{n}" for n in range(250)]
    assert found["dag_runs"][0].keys() == set(back_up._KEPT)
    assert found["variables"] == [{"key": "k", "value": "v", "description": None}]
    assert found["dags"] == {"data_east1": True, "ml_west2": True, "own": False}


def test_what_an_update_has_paused_counts_as_unpaused() -> None:
    found = back_up.metadata(FakeApi(recorded=["data_east1"]), NOW)
    assert found["dags"] == {"data_east1": False, "ml_west2": True, "own": False}


def test_the_backup_is_named_after_its_moment_and_counted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written: list[dict[str, Any]] = []

    class S3:
        def put_object(self, **call: Any) -> None:
            written.append(call)

    monkeypatch.setattr(back_up, "s3", S3)
    monkeypatch.setattr(back_up, "mwaa", object)
    monkeypatch.setattr(back_up, "AirflowRestApi", lambda *_: FakeApi())
    answer = back_up.handler({}, None)
    (call,) = written
    assert call["Bucket"] == answer["bucket"] == "bucket_name"
    assert call["Key"] == answer["key"]
    assert call["Key"].startswith("metadata/20")
    assert answer["dag_runs"] == 250
    assert json.loads(gzip.decompress(call["Body"]))["environment"] == "environment_name"
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["BackupsWritten"] == 1


def test_a_refusal_counts_no_backup(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Refusing:
        def call(self, *_: object, **__: object) -> None:
            raise RefusedError("Airflow refused", 503)

    monkeypatch.setattr(back_up, "mwaa", object)
    monkeypatch.setattr(back_up, "AirflowRestApi", lambda *_: Refusing())
    with pytest.raises(RefusedError):
        back_up.handler({}, None)
    assert capsys.readouterr().out == ""
