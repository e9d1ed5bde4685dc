from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cross_account.topology import TopologyError, load_topology, read_topology

from tests.dags.example_topology import topology


def test_every_field_is_read() -> None:
    read = read_topology(topology())
    assert [pipeline.name for pipeline in read.data_pipelines] == ["east1", "europe1"]
    assert [pipeline.name for pipeline in read.ml_pipelines] == ["europe2", "west2", "west3"]
    for section, pipelines in (
        ("data_pipelines", read.data_pipelines),
        ("ml_pipelines", read.ml_pipelines),
    ):
        for pipeline in pipelines:
            for name, value in topology()[section][pipeline.name].items():
                found = getattr(pipeline, name)
                assert (list(found) if isinstance(found, tuple) else found) == value


def test_keys_of_a_later_version_are_left_alone() -> None:
    content = topology()
    content["data_pipelines"]["east1"]["invented_later"] = 1
    read_topology(content)


def test_a_pipeline_is_found_by_its_connection() -> None:
    read = read_topology(topology())
    found = read.of_connection("aws_crossaccount_role_conn_west3")
    assert found is not None
    assert found.name == "west3"
    assert read.of_connection("aws_default") is None


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("", [], "the whole file is [], but must be an object."),
        ("version", None, "version is None, but these DAGs read 1."),
        ("data_pipelines", None, "data_pipelines is None, but must be an object."),
        ("data_pipelines.east1", 7, "data_pipelines.east1 is 7, but must be an object."),
        ("data_pipelines.east1.bucket", None, "data_pipelines.east1.bucket is None, but must be"),
        ("data_pipelines.east1.bucket", "", "data_pipelines.east1.bucket is '', but must be"),
        ("data_pipelines.east1.account_id", 222222222222, "must be a text"),
        ("data_pipelines.east1.glue_timeout_minutes", "60", "must be a whole number"),
        ("data_pipelines.east1.glue_timeout_minutes", True, "must be a whole number"),
        ("data_pipelines.east1.glue_timeout_minutes", 0, "must be a whole number"),
        ("data_pipelines.east1.ml_pipelines", "west2", "must be a list"),
        ("data_pipelines.east1.ml_pipelines", [1], "ml_pipelines[0] is 1"),
        ("data_pipelines.east1.ml_pipelines", ["europe2"], "names 'europe2'"),
        ("ml_pipelines.west2.source", "nowhere", "which is no data pipeline"),
    ],
)
def test_a_wrong_value_is_named(path: str, value: object, sentence: str) -> None:
    content: Any = topology()
    if path:
        *parents, last = path.split(".")
        place = content
        for part in parents:
            place = place[part]
        place[last] = value
    else:
        content = value
    with pytest.raises(TopologyError) as raised:
        read_topology(content)
    assert sentence in str(raised.value)


def test_the_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "topology.json"
    for content in (None, "{", "[]"):
        if content is not None:
            file.write_text(content, encoding="utf-8")
        with pytest.raises(TopologyError) as raised:
            load_topology(file)
        assert str(file) in str(raised.value)
        assert "\n" not in str(raised.value)
