"""`backfill`: which objects get a run, and how often."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.stub import Stubber
from typer.testing import CliRunner, Result

from operate.application import application
from operate.errors import UsageError
from tests.operate.answers import DATA_BUCKET, FakeAirflow, FakeConnection, client

VERSIONS = {
    "raw/data.csv": [("7", True)],
    "raw/in/a.csv": [("2", True), ("1", False)],
    "raw/in/b/c.csv": [("3", True)],
    "raw/in/folder.csv/": [("4", True)],
    "raw/in/gone.csv": [("5", False)],
    "raw/in/other.txt": [("6", True)],
    "raw/verification/sample.csv": [("8", True)],
}


@pytest.fixture
def invoke(monkeypatch: pytest.MonkeyPatch) -> Any:
    def run(airflow: FakeAirflow, *arguments: str) -> Result:
        s3 = client("s3")
        rows = [
            {"Key": key, "VersionId": version, "IsLatest": latest}
            for key, versions in VERSIONS.items()
            for version, latest in versions
        ]
        with Stubber(s3) as stubber:
            listing = {"Bucket": DATA_BUCKET, "Prefix": "raw/"}
            stubber.add_response("list_object_versions", {"Versions": rows}, listing)
            connection = FakeConnection(airflow, {"s3": s3})
            monkeypatch.setattr("operate.commands.backfill.connect", lambda *_, **__: connection)
            command = ["backfill", "--pipeline", "east1", "--json", *arguments]
            return CliRunner().invoke(application, command)

    return run


def test_each_current_version_that_matches_is_started_once(invoke: Any) -> None:
    airflow = FakeAirflow([])
    keys = ["raw/in/a.csv", "raw/in/b/c.csv"]
    assert json.loads(invoke(airflow).stdout) == {"started": keys, "already_there": []}
    assert json.loads(invoke(airflow).stdout) == {"started": [], "already_there": keys}
    assert len(airflow.done) == 2


def test_other_objects_can_be_named(invoke: Any) -> None:
    found = json.loads(invoke(FakeAirflow([]), "--keys", "raw/*.csv").stdout)
    assert found["started"] == ["raw/data.csv", "raw/in/a.csv", "raw/in/b/c.csv"]


def test_what_lies_elsewhere_is_no_raw_file(invoke: Any) -> None:
    result = invoke(FakeAirflow([]), "--keys", "transformed/*")
    assert isinstance(result.exception, UsageError)
