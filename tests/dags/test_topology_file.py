from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cross_account.topology_file import TopologyFileError, load_topology_file
from pydantic import ValidationError

from tests.dags.changes import changed
from tests.dags.example_topology import read, topology


def test_every_field_is_read() -> None:
    found = read(topology())
    assert found.model_dump(mode="json", exclude_unset=True) == topology()
    assert found.data_pipelines["east1"].dag_id == "data_east1"
    assert found.ml_pipelines["west2"].dag_id == "ml_west2"


def test_keys_of_a_later_version_are_ignored() -> None:
    content = topology()
    content["data_pipelines"]["east1"]["invented_later"] = 1
    assert read(content) == read(topology())


def test_a_pipeline_is_found_by_its_connection() -> None:
    found = read(topology()).of_connection("aws_crossaccount_role_conn_west3")
    assert found is not None
    assert found.name == "west3"
    assert read(topology()).of_connection("aws_default") is None


def test_ml_pipelines_are_found_by_their_source() -> None:
    trained = {
        source: [pipeline.name for pipeline in read(topology()).trained_on(source)]
        for source in ("east1", "europe1", "west2")
    }
    assert trained == {
        "east1": ["west2", "west3", "world"],
        "europe1": ["europe2", "world"],
        "west2": [],
    }


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("version", None, "literal_error"),
        ("version", 2, "literal_error"),
        ("data_pipelines", None, "dict_type"),
        ("data_pipelines", [], "dict_type"),
        ("ml_pipelines", None, "dict_type"),
        ("data_pipelines.east1", 7, "model_type"),
        ("data_pipelines.east1.bucket_name", None, "string_type"),
        ("data_pipelines.east1.bucket_name", "", "string_too_short"),
        ("data_pipelines.east1.bucket_name", ..., "missing"),
        ("data_pipelines.east1.account_id", 222222222222, "string_type"),
        ("data_pipelines.east1.glue_timeout_minutes", "60", "int_type"),
        ("data_pipelines.east1.glue_timeout_minutes", True, "int_type"),
        ("data_pipelines.east1.glue_timeout_minutes", 0, "greater_than"),
        ("ml_pipelines.west2.source", 7, "string_type"),
    ],
)
def test_a_wrong_value_is_found(path: str, value: object, code: str) -> None:
    with pytest.raises(ValidationError) as raised:
        read(changed(topology(), path, value))
    (found,) = raised.value.errors()
    assert (".".join(map(str, found["loc"])), found["type"]) == (path, code)


def test_no_object_at_all() -> None:
    with pytest.raises(ValidationError) as raised:
        read([])
    assert [found["type"] for found in raised.value.errors()] == ["model_type"]


def test_an_ml_pipeline_without_its_source() -> None:
    with pytest.raises(ValidationError) as raised:
        read(changed(topology(), "ml_pipelines.west2.source", "nowhere"))
    (found,) = raised.value.errors()
    assert (found["type"], found["ctx"]) == (
        "unknown_source",
        {"name": "west2", "source": "nowhere"},
    )


def test_a_pipeline_under_another_name() -> None:
    with pytest.raises(ValidationError) as raised:
        read(changed(topology(), "ml_pipelines.west2.name", "west3"))
    (found,) = raised.value.errors()
    assert (found["type"], found["ctx"]) == ("other_name", {"key": "west2", "name": "west3"})


def test_one_minute_is_a_limit() -> None:
    short = changed(topology(), "data_pipelines.east1.glue_timeout_minutes", 1)
    assert read(short).data_pipelines["east1"].glue_timeout_minutes == 1


@pytest.mark.parametrize("content", [None, "{", "[]", json.dumps({**topology(), "version": 2})])
def test_an_unusable_file_is_named_in_one_line(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "topology.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(TopologyFileError) as raised:
        load_topology_file(file)
    assert str(file) in str(raised.value)
    assert "\n" not in str(raised.value)
    # Airflow shows the whole chain; a cause would repeat the problem in many lines.
    assert raised.value.__cause__ is None
    assert raised.value.__context__ is None


def test_a_usable_file(tmp_path: Path) -> None:
    file = tmp_path / "topology.json"
    file.write_text(json.dumps(topology()), encoding="utf-8")
    expected: Any = read(topology())
    assert load_topology_file(file) == expected
