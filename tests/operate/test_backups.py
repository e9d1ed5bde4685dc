"""Which backups there are, what is in one, and a command that waits for another."""

from __future__ import annotations

import gzip
import json
from io import BytesIO
from typing import Any

import pytest
from typer.testing import CliRunner

from operate.application import application
from operate.backups import Backups
from operate.errors import OperateError, UsageError
from operate.outputs import Target
from tests.operate.answers import MOMENT, OUTPUTS, FakeAirflow, FakeConnection

WHERE = {"bucket_name": "backups", "region": "us-west-2", "function_name": "backup"}
CONTENT = {
    "taken_at": MOMENT,
    "environment": "environment",
    "dags": {},
    "variables": [],
    "dag_runs": [],
}


class Bucket:
    """A client of S3, of the function that fills it, too."""

    def __init__(self, *names: str, makes: str | None = None) -> None:
        self._names = list(names)
        self._makes = makes

    def get_paginator(self, _name: str) -> Bucket:
        return self

    def paginate(self, **call: str) -> list[dict[str, Any]]:
        assert call == {"Bucket": "backups", "Prefix": "metadata/"}
        rows = [{"Key": f"metadata/{name}.json.gz", "Size": 1} for name in self._names]
        return [{"Contents": rows}] if rows else [{}]

    def get_object(self, **call: str) -> dict[str, Any]:
        assert call == {"Bucket": "backups", "Key": "metadata/20260102T030405Z.json.gz"}
        return {"Body": BytesIO(gzip.compress(json.dumps(CONTENT).encode()))}

    def invoke(self, **call: str) -> None:
        assert call == {"FunctionName": "backup", "InvocationType": "Event"}
        self._names += [self._makes] if self._makes else []


class Connected(FakeConnection):
    """A stack with backups."""

    def __init__(self, bucket: Bucket) -> None:
        super().__init__(FakeAirflow([]), {"lambda": bucket})
        outputs = {"outputs": {**OUTPUTS, "backup": WHERE}, "endpoint": "http://127.0.0.1:9"}
        self.stack = Target.model_validate(outputs).outputs
        self._bucket = bucket

    def in_account(self, service: str, account_id: str, region: str) -> Any:
        assert (service, account_id, region) == ("s3", "111111111111", "us-west-2")
        return self._bucket


def test_a_backup_is_found_by_the_moment_that_names_it() -> None:
    found = Backups(Connected(Bucket("20260102T030405Z")))
    assert found.sizes() == {"20260102T030405Z": 1}
    assert found.read("20260102T030405Z").dags == {}


def test_an_unknown_one_names_the_newest() -> None:
    with pytest.raises(UsageError, match="the newest are: b, c, d"):
        Backups(Connected(Bucket("a", "b", "c", "d"))).read("e")


def backup(monkeypatch: pytest.MonkeyPatch, bucket: Bucket, *options: str) -> Any:
    monkeypatch.setattr("operate.commands.backup.connect", lambda *_, **__: Connected(bucket))
    result = CliRunner().invoke(application, ["backup", "--json", *options])
    if result.exception is not None:
        raise result.exception
    return json.loads(result.stdout)["backups"]


def test_a_new_one_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert backup(monkeypatch, Bucket("a", makes="b")) == {"a": 1, "b": 1}
    assert backup(monkeypatch, Bucket("a", makes="b"), "--list") == {"a": 1}


def test_one_that_never_comes_says_where_to_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("operate.commands.backup._LIMIT_SECONDS", -1)
    with pytest.raises(OperateError, match="the log of the function backup"):
        backup(monkeypatch, Bucket("a"))
