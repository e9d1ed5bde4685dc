"""The DAG folder, as it comes to the bucket."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pulumi
import pytest

from components.connections.dag_files import DagFiles, DagFilesArgs, dag_files
from tests.mocks import Recorded, aws_provider, evaluate


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (
        "one_dag.py",
        "helpers/__init__.py",
        "helpers/read me.txt",
        ".airflowignore",
        ".hidden.py",
        "__pycache__/one_dag.cpython-312.pyc",
        "helpers/.cache/left.py",
        "topology.json",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"content of {name}")
    return tmp_path


def uploaded(folder: Path) -> Recorded:
    def program() -> None:
        DagFiles(
            "dags",
            DagFilesArgs(bucket_name="bucket", directory=folder, topology='{"version": 1}'),
            pulumi.ResourceOptions(provider=aws_provider()),
        )

    return evaluate(program)


def test_all_files_but_hidden_and_cached_ones(folder: Path) -> None:
    assert list(dag_files(folder)) == [
        ".airflowignore",
        "helpers/__init__.py",
        "helpers/read me.txt",
        "one_dag.py",
    ]


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="holds no DAG file"):
        dag_files(tmp_path)


def test_each_file_is_an_object(folder: Path) -> None:
    recorded = uploaded(folder)
    (dag,) = [e for e in recorded.of_type("BucketObjectv2") if e.inputs["key"] == "dags/one_dag.py"]
    assert dag.inputs == {
        "bucket": "bucket",
        "key": "dags/one_dag.py",
        "source": {
            "path": str(folder / "one_dag.py"),
            "hash": hashlib.sha256(b"content of one_dag.py").hexdigest(),
        },
        "contentType": "text/x-python",
    }


def test_a_changed_file_changes_its_own_object_only(folder: Path) -> None:
    before = {e.name: e.inputs for e in uploaded(folder)}
    (folder / "one_dag.py").write_text("other content")
    after = {e.name: e.inputs for e in uploaded(folder)}
    assert {name for name in after if after[name] != before[name]} == {"dags-one_dag.py"}


def test_topology_comes_before_every_dag_file(folder: Path) -> None:
    recorded = uploaded(folder)
    topology = recorded.one("BucketObjectv2", "dags-topology")
    assert topology.inputs["content"] == '{"version": 1}'
    assert topology.inputs["key"] == "dags/topology.json"
    files = [entry for entry in recorded.of_type("BucketObjectv2") if entry != topology]
    assert len(files) == 4
    assert all(topology.urn in entry.depends_on for entry in files)


def test_keys_are_unique(folder: Path) -> None:
    keys = [entry.inputs["key"] for entry in uploaded(folder).of_type("BucketObjectv2")]
    assert len(keys) == len(set(keys))
