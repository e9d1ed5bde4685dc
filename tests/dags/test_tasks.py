"""The tasks that read a bucket themselves, through a checked connection."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from cross_account.failure import AirflowFailException
from cross_account.run import manifest_key
from cross_account.tasks import (
    check_transformed_data,
    choose_run,
    list_files,
    prepare_training,
)

from tests.dags import example_data
from tests.dags.example_data import RUN
from tests.dags.example_topology import pipelines
from tests.dags.fake_aws import HUB, FakeAws

pytestmark = pytest.mark.airflow

WEST = pipelines()["west2"]
PLACE = (WEST["connection_id"], WEST["bucket"])


@pytest.fixture(autouse=True)
def _arrived(aws: FakeAws) -> None:
    for key, body in example_data.files().items():
        aws.put(WEST["bucket"], key, body)
    aws.put(WEST["bucket"], manifest_key(RUN), example_data.manifest())
    config = example_data.training_config(WEST["bucket"])
    aws.put(WEST["bucket"], WEST["training_config_key"], config)


def prepare() -> Any:
    return prepare_training.function(*PLACE, RUN, WEST["training_config_key"], "prefix")


def chosen(conf: dict[str, Any] | None, parameter: object) -> Any:
    due = SimpleNamespace(conf=conf, run_after=datetime(2026, 12, 1, tzinfo=UTC))
    return choose_run.function(*PLACE, dag_run=due, params={"run": parameter})


def test_the_row_counts(aws: FakeAws) -> None:
    assert check_transformed_data.function(*PLACE, RUN) == example_data.manifest()["rows"]


def test_the_list_of_files(aws: FakeAws) -> None:
    assert list_files.function(*PLACE, RUN) == list(example_data.files())


def test_the_request(aws: FakeAws) -> None:
    assert prepare()["TrainingJobName"] == f"prefix-{RUN}"


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


@pytest.mark.parametrize("task", [check_transformed_data, list_files])
def test_a_missing_manifest_fails_at_once(aws: FakeAws, task: Any) -> None:
    del aws.objects[WEST["bucket"], manifest_key(RUN)]
    with pytest.raises(AirflowFailException, match=r"_manifest\.json does not exist"):
        task.function(*PLACE, RUN)


def test_a_broken_manifest_fails_at_once(aws: FakeAws) -> None:
    aws.put(WEST["bucket"], manifest_key(RUN), b"{")
    with pytest.raises(AirflowFailException, match="isn't JSON"):
        list_files.function(*PLACE, RUN)


def test_a_truncated_replica_fails_at_once(aws: FakeAws) -> None:
    aws.put(WEST["bucket"], next(iter(example_data.files())), b"1")
    with pytest.raises(AirflowFailException, match="of another size"):
        prepare()


def test_a_missing_configuration_fails_at_once(aws: FakeAws) -> None:
    del aws.objects[WEST["bucket"], WEST["training_config_key"]]
    with pytest.raises(AirflowFailException, match="`pulumi up --refresh` writes it"):
        prepare()


@pytest.mark.parametrize("act", [prepare, lambda: chosen(None, None)])
def test_nothing_is_read_as_the_hub(aws: FakeAws, act: Any) -> None:
    aws.impostor = HUB
    with pytest.raises(AirflowFailException, match="acts as"):
        act()
    assert not any(call.operation.startswith("s3:") for call in aws.calls)


def test_results_can_be_stored(aws: FakeAws) -> None:
    json.dumps([check_transformed_data.function(*PLACE, RUN), prepare()])
