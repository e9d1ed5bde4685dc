"""Which raw file a DAG run reads."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from cross_account.raw_file_choice import (
    PARAMETERS,
    RawFileChoiceError,
    check_choice,
    raw_key,
    raw_version,
)
from jsonschema import ValidationError, validate  # type: ignore[import-untyped]

pytestmark = pytest.mark.airflow

KEY = "raw/{date} [1]*.csv.gz"


def dag_run(conf: dict[str, Any] | None) -> Any:
    start = datetime(2026, 11, 26, 5, tzinfo=UTC)
    return SimpleNamespace(conf=conf, run_type="manual", logical_date=None, run_after=start)


@pytest.mark.parametrize(
    ("conf", "key", "version"),
    [
        (None, "raw/2026-11-26.csv", ""),
        ({}, "raw/2026-11-26.csv", ""),
        ({"raw_key": None, "raw_version": None}, "raw/2026-11-26.csv", ""),
        ({"raw_key": KEY}, KEY, ""),
        ({"raw_key": KEY, "raw_version": "v"}, KEY, "v"),
    ],
)
def test_the_configuration_or_else_the_pipeline_names_it(
    conf: dict[str, Any] | None, key: str, version: str
) -> None:
    run = dag_run(conf)
    check_choice(run)
    assert raw_key(run, "raw/{date}.csv", "UTC") == key
    assert raw_version(run) == version


@pytest.mark.parametrize(
    "conf",
    [
        {"raw_key": ""},
        {"raw_key": "raw/"},
        {"raw_key": "/raw/x.csv"},
        {"raw_key": "config/x.csv", "raw_version": "v"},
        {"raw_key": 5},
        {"raw_version": "v"},
    ],
)
def test_another_choice_is_refused(conf: dict[str, Any]) -> None:
    with pytest.raises(RawFileChoiceError):
        check_choice(dag_run(conf))


def test_the_form_takes_the_same_and_says_what_each_is() -> None:
    assert PARAMETERS["raw_key"].resolve() is None
    assert PARAMETERS["raw_key"].resolve(KEY) == KEY
    assert PARAMETERS["raw_version"].resolve("v") == "v"
    assert all(parameter.description for parameter in PARAMETERS.values())
    for name, value in (("raw_key", "config/x.csv"), ("raw_key", "raw/"), ("raw_version", "")):
        with pytest.raises(ValidationError):
            validate(value, PARAMETERS[name].schema)
