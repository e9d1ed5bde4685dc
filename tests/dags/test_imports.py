"""Every version of Airflow that MWAA offers parses the DAG files, which make no call meanwhile."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from airflow.providers.amazon.aws.hooks.base_aws import AwsBaseHook
from airflow.sdk import Variable

from tests.dags.conftest import copy_dags
from tests.dags.dag_bag import load_bag
from tests.dags.example_topology import topology

if TYPE_CHECKING:
    from airflow.models.dagbag import DagBag

pytestmark = pytest.mark.airflow

ALL = {
    "data_east1",
    "data_europe1",
    "ml_europe2",
    "ml_west2",
    "ml_west3",
    "ml_world",
}


@pytest.fixture
def load_afresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str | None], DagBag]:
    """Load a DAG folder with another topology.json; its helpers are imported again."""

    def load(content: str | None) -> DagBag:
        folder = copy_dags(tmp_path / "dags", content)
        monkeypatch.syspath_prepend(str(folder))
        for name in [name for name in sys.modules if name.split(".")[0] == "cross_account"]:
            monkeypatch.delitem(sys.modules, name)
        return load_bag(folder)

    return load


def test_one_dag_per_pipeline(dag_bag: DagBag) -> None:
    assert dag_bag.import_errors == {}
    assert set(dag_bag.dags) == ALL


def test_helpers_are_not_taken_for_dag_files(dag_bag: DagBag) -> None:
    parsed = {Path(stat.file).name for stat in dag_bag.dagbag_stats}
    assert parsed == {
        "cross_account_data_processing_dag.py",
        "cross_account_machine_learning_dag.py",
    }


def test_nothing_is_called_at_parse_time(
    load_afresh: Callable[[str | None], DagBag], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise AssertionError("called at parse time")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(boto3.session.Session, "client", refuse)
    monkeypatch.setattr(Variable, "get", refuse)
    monkeypatch.setattr(AwsBaseHook, "get_connection", refuse)
    bag = load_afresh(json.dumps(topology()))
    assert bag.import_errors == {}
    assert set(bag.dags) == ALL


def test_a_task_gets_its_own_dag_alone(
    load_afresh: Callable[[str | None], DagBag], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_AIRFLOW_PARSING_CONTEXT_DAG_ID", "ml_west2")
    bag = load_afresh(json.dumps(topology()))
    assert set(bag.dags) == {"ml_west2"}


def test_a_data_pipeline_may_have_no_ml_pipeline(
    load_afresh: Callable[[str | None], DagBag],
) -> None:
    content = topology()
    del content["ml_pipelines"]["europe2"], content["ml_pipelines"]["world"]
    bag = load_afresh(json.dumps(content))
    assert bag.import_errors == {}
    assert bag.dags["data_europe1"].task_ids == [
        "wait_for_raw_file",
        "raw_to_transform",
        "check_transformed_data",
        "report_run",
    ]


@pytest.mark.parametrize("content", [None, "{", '{"version": 2}'])
def test_an_unusable_topology_is_told_in_the_last_line(
    load_afresh: Callable[[str | None], DagBag], content: str | None
) -> None:
    bag = load_afresh(content)
    assert bag.dags == {}
    assert len(bag.import_errors) == 2
    for error in bag.import_errors.values():
        last = error.strip().splitlines()[-1]
        assert last.startswith("cross_account.topology_file.TopologyFileError: ")
        assert "topology.json" in last
        assert "`pulumi up --refresh`" in last
