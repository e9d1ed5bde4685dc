"""What a team's own DAG imports, the example of one, and the files that Airflow leaves out."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import cross_account
import pytest
from airflow.utils.file import list_py_file_paths
from cross_account import access, data_pipeline, last_complete_run, ml_pipeline, require_role
from cross_account.failure import AirflowFailException
from cross_account.own_dags import UnknownNameError
from cross_account.run import manifest_key

from tests.dags.conftest import copy_dags
from tests.dags.dag_bag import load_bag
from tests.dags.example_topology import reached, topology
from tests.dags.fake_aws import FakeAws

pytestmark = pytest.mark.airflow

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "runs_table" / "runs_table_dag.py"
EAST = reached()["east1"]
OLD, NEW = "20260101T000000000000", "20260102T000000000000"


def test_every_name_is_there() -> None:
    assert all(callable(getattr(cross_account, name)) for name in cross_account.__all__)
    with pytest.raises(AttributeError):
        _ = cross_account.nothing


def test_pipelines_and_accesses_by_name() -> None:
    found = (data_pipeline("east1"), ml_pipeline("west2"), access("reports"))
    for entry in found:
        expected = reached()[entry.name]
        assert (entry.connection_id, entry.region) == (
            expected["connection_id"],
            expected["region"],
        )
    assert data_pipeline("east1").bucket_name == EAST["bucket_name"]


def test_an_unknown_name_is_told_with_those_there_are() -> None:
    with pytest.raises(UnknownNameError, match=r"no data pipeline 'west2'; it has east1, europe1"):
        data_pipeline("west2")


def test_the_last_complete_run(aws: FakeAws) -> None:
    with pytest.raises(AirflowFailException, match="has no manifest"):
        last_complete_run(data_pipeline("east1"))
    for run in (OLD, NEW):
        aws.put(EAST["bucket_name"], f"transformed/run={run}/a/train/part-00000.csv", b"1")
        aws.put(EAST["bucket_name"], manifest_key(run), {})
    aws.put(EAST["bucket_name"], "transformed/run=20260103T000000000000/a/train/part.csv", b"1")
    assert last_complete_run(data_pipeline("east1")) == NEW


def test_the_example_works_through_the_access_alone(tmp_path: Path) -> None:
    folder = copy_dags(tmp_path / "dags", json.dumps(topology()))
    shutil.copy(EXAMPLE, folder)

    bag = load_bag(folder)

    assert bag.import_errors == {}
    dag = bag.dags["runs_table"]
    assert {getattr(task, "aws_conn_id", None) for task in dag.tasks} == {
        None,
        reached()["reports"]["connection_id"],
    }
    assert dag.get_task("note").upstream_task_ids == {"newest_run"}
    assert all(getattr(task, "_pre_execute_hook", None) is require_role for task in dag.tasks)


def test_a_team_leaves_out_files_of_its_own_folder(tmp_path: Path) -> None:
    """By an `.airflowignore` there, or a line in the one of `dags/`."""
    folder = copy_dags(tmp_path / "dags", json.dumps(topology()))
    text = EXAMPLE.read_text(encoding="utf-8")
    for name in ("team/dag.py", "team/shared/helper.py", "other/notes_dag.py"):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (folder / "team" / ".airflowignore").write_text("shared/\n", encoding="utf-8")

    parsed = {Path(path).relative_to(folder).as_posix() for path in list_py_file_paths(folder)}

    assert parsed == {
        "cross_account_data_processing_dag.py",
        "cross_account_machine_learning_dag.py",
        "other/notes_dag.py",
        "team/dag.py",
    }
