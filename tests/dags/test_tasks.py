"""The tasks that read a bucket themselves, through a checked connection."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from cross_account.connection_guard import ConnectionCheckError
from cross_account.failure import AirflowFailException, PipelineError
from cross_account.manifest import ManifestError
from cross_account.run import manifest_key
from cross_account.tasks import (
    check_transformed_data,
    choose_run,
    list_files,
    prepare_training,
)
from cross_account.training_request import TrainingConfigError

from tests.dags import example_data
from tests.dags.example_data import RUN
from tests.dags.example_topology import pipelines
from tests.dags.fake_aws import HUB, FakeAws

pytestmark = pytest.mark.airflow

WEST = pipelines()["west2"]
BUCKET = (WEST["connection_id"], WEST["bucket_name"])


@pytest.fixture(autouse=True)
def _arrived(aws: FakeAws) -> None:
    for key, body in example_data.files().items():
        aws.put(WEST["bucket_name"], key, body)
    aws.put(WEST["bucket_name"], manifest_key(RUN), example_data.manifest())
    config = example_data.training_config(WEST["bucket_name"])
    aws.put(WEST["bucket_name"], WEST["training_config_key"], config)


def prepare(run_id: str = RUN, **conf: Any) -> Any:
    return prepare_training.function(
        *BUCKET,
        RUN,
        WEST["training_config_key"],
        "prefix",
        algorithm="xgboost",
        dag_run=SimpleNamespace(
            run_id=run_id,
            conf=conf,
            run_type="manual",
            logical_date=None,
            run_after=datetime(2026, 12, 1, tzinfo=UTC),
        ),
        params={"hyperparameters": None},
    )


def chosen(conf: dict[str, Any] | None, parameter: object) -> Any:
    due = SimpleNamespace(
        conf=conf,
        run_type="manual",
        logical_date=None,
        run_after=datetime(2026, 12, 1, tzinfo=UTC),
    )
    return choose_run.function(*BUCKET, dag_run=due, params={"run": parameter})


def test_the_row_counts(aws: FakeAws) -> None:
    assert check_transformed_data.function(*BUCKET, RUN, "") == example_data.manifest()["rows"]


def test_the_list_of_files(aws: FakeAws) -> None:
    assert list_files.function(*BUCKET, RUN) == list(example_data.files())


def test_the_request(aws: FakeAws) -> None:
    assert prepare()["TrainingJobName"] == f"prefix-{RUN}"


def test_a_dag_run_by_hand_trains_once_more_and_with_what_it_is_given(aws: FakeAws) -> None:
    request = prepare("manual", hyperparameters={"num_round": 5, "eta": "0.1"})
    # Its name follows from the DAG run alone: a cleared one finds its job again.
    assert request["TrainingJobName"] == "prefix-20261201T000000000000"
    assert request["OutputDataConfig"]["S3OutputPath"].endswith(f"/models/run={RUN}/")
    assert request["HyperParameters"] == {
        "objective": "binary:logistic",
        "num_round": "5",
        "eta": "0.1",
    }


@pytest.mark.parametrize(
    ("conf", "parameter", "run"),
    [
        ({"run": RUN}, None, RUN),
        (None, RUN, RUN),
        ({}, None, RUN),
        ({"run": "20250101T000000000000"}, RUN, "20250101T000000000000"),
        (None, "20250101T000000000000", "20250101T000000000000"),
    ],
)
def test_the_chosen_run(
    aws: FakeAws, conf: dict[str, Any] | None, parameter: object, run: str
) -> None:
    assert chosen(conf, parameter) == run


@pytest.mark.parametrize(
    ("task", "arguments"), [(check_transformed_data, [RUN, ""]), (list_files, [RUN])]
)
def test_a_missing_manifest_fails_at_once(aws: FakeAws, task: Any, arguments: list[str]) -> None:
    del aws.objects[WEST["bucket_name"], manifest_key(RUN)]
    with pytest.raises(AirflowFailException) as failure:
        task.function(*BUCKET, *arguments)
    assert isinstance(failure.value.__cause__, ManifestError)


def test_a_broken_manifest_fails_at_once(aws: FakeAws) -> None:
    aws.put(WEST["bucket_name"], manifest_key(RUN), b"{")
    with pytest.raises(AirflowFailException) as failure:
        list_files.function(*BUCKET, RUN)
    assert isinstance(failure.value.__cause__, PipelineError)


def test_a_truncated_replica_fails_at_once(aws: FakeAws) -> None:
    aws.put(WEST["bucket_name"], next(iter(example_data.files())), b"1")
    with pytest.raises(AirflowFailException) as failure:
        prepare()
    assert isinstance(failure.value.__cause__, ManifestError)


def test_a_missing_configuration_fails_at_once(aws: FakeAws) -> None:
    del aws.objects[WEST["bucket_name"], WEST["training_config_key"]]
    with pytest.raises(AirflowFailException) as failure:
        prepare()
    assert isinstance(failure.value.__cause__, TrainingConfigError)


@pytest.mark.parametrize("act", [prepare, lambda: chosen(None, None)])
def test_nothing_is_read_as_the_hub(aws: FakeAws, act: Any) -> None:
    aws.impostor = HUB
    with pytest.raises(ConnectionCheckError) as failure:
        act()
    assert failure.value.code == "other_caller"
    assert not any(call.operation.startswith("s3:") for call in aws.calls)


def test_results_can_be_stored(aws: FakeAws) -> None:
    json.dumps([check_transformed_data.function(*BUCKET, RUN, ""), prepare()])
