"""Every path that a command needs fits into InvokeRestApi, for the longest name of a pipeline."""

from __future__ import annotations

import re

import pytest
from botocore.session import Session

from clients.paused_dags import RECORD
from components.aws.naming import OWNER_PATTERN
from components.uploads.names import data_dag_id
from dags.cross_account.dag_ids import data_processing_dag_id, machine_learning_dag_id
from dags.cross_account.run import is_run

LONGEST_NAME = "abcdefghij12"
RUN = "20261122T123336123456"
"""The id of a triggered DAG run, and the form that the README's command gives one."""

PATHS = (
    "/dags/{dag}",
    "/dags/{dag}/dagRuns",
    "/dags/{dag}/dagRuns/{run}",
    "/dags/{dag}/dagRuns/{run}/clear",
    "/dags/{dag}/clearTaskInstances",
    # With the ids in the body: below a DAG run's path the same list may not fit.
    "/dags/~/dagRuns/~/taskInstances/list",
    "/dags/~/dagRuns/list",
    f"/variables/{RECORD}",
)


def _most_characters() -> int:
    model = Session().get_service_model("mwaa").operation_model("InvokeRestApi")
    assert model.input_shape is not None
    return int(model.input_shape.members["Path"].metadata["max"])


def test_the_longest_name() -> None:
    assert re.fullmatch(OWNER_PATTERN, LONGEST_NAME)
    assert not re.fullmatch(OWNER_PATTERN, LONGEST_NAME + "3")
    assert is_run(RUN)


def test_an_upload_starts_the_dag_of_its_pipeline() -> None:
    assert data_dag_id(LONGEST_NAME) == data_processing_dag_id(LONGEST_NAME)


@pytest.mark.parametrize("path", PATHS)
def test_it_fits(path: str) -> None:
    for dag_id in (data_processing_dag_id(LONGEST_NAME), machine_learning_dag_id(LONGEST_NAME)):
        assert len(path.format(dag=dag_id, run=RUN)) <= _most_characters()
