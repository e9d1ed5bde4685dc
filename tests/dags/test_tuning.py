"""One tuning job per run, even if the task that started it dies, and its best training job."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from airflow.providers.amazon.aws.hooks.sagemaker import SageMakerHook
from botocore.stub import Stubber  # type: ignore[import-untyped]
from cross_account.failure import AirflowFailException
from cross_account.manifest import read_manifest
from cross_account.settings import TUNING_POLLS, job_wait_seconds, tuning_poll_seconds
from cross_account.training_request import TrainingConfigError, fill_in
from cross_account.tuning import MOST_TUNING_JOBS_PER_RUN, CrossAccountSageMakerTuningOperator

from tests.dags import example_data
from tests.dags.deferred_tasks import TaskDeferred
from tests.dags.example_data import RUN

pytestmark = pytest.mark.airflow

NAME = f"abcdefgh-{RUN}"
MANIFEST = read_manifest(RUN, example_data.manifest())
CONFIG = fill_in(example_data.tuning_config("bucket"), MANIFEST, NAME)


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    client = boto3.client("sagemaker", region_name="us-west-2")
    monkeypatch.setattr(SageMakerHook, "get_conn", lambda _self: client)
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def is_described(stub: Stubber, status: str | None, name: str = NAME, **more: Any) -> None:
    asked = {"HyperParameterTuningJobName": name}
    if status is None:
        stub.add_client_error(
            "describe_hyper_parameter_tuning_job", "ResourceNotFound", expected_params=asked
        )
        return
    answer = {
        **asked,
        "HyperParameterTuningJobArn": "arn:aws:sagemaker:us-west-2:222222222222:hyper",
        "HyperParameterTuningJobConfig": CONFIG["HyperParameterTuningJobConfig"],
        "HyperParameterTuningJobStatus": status,
        "CreationTime": 0,
        "TrainingJobStatusCounters": {"Completed": 2},
        "ObjectiveStatusCounters": {},
        **more,
    }
    stub.add_response("describe_hyper_parameter_tuning_job", answer, asked)


def operator() -> CrossAccountSageMakerTuningOperator:
    return CrossAccountSageMakerTuningOperator(
        task_id="train",
        aws_conn_id=None,
        config={**CONFIG, "HyperParameterTuningJobName": NAME},
        check_interval=60,
        max_ingestion_time=9000,
        deferrable=True,
    )


def waited_for() -> Any:
    with pytest.raises(TaskDeferred) as deferred:
        operator().execute({})
    assert deferred.value.timeout.total_seconds() == 9000
    return deferred.value.trigger.serialize()[1]["job_name"]


class TestStart:
    def test_a_new_job_is_started(self, stub: Stubber) -> None:
        is_described(stub, None)
        is_described(stub, None)
        answer = {
            "HyperParameterTuningJobArn": "arn:aws:sagemaker:us-west-2:222222222222:hyper",
            "ResponseMetadata": {"HTTPStatusCode": 200},
        }
        stub.add_response("create_hyper_parameter_tuning_job", answer, CONFIG)
        assert waited_for() == NAME

    @pytest.mark.parametrize("status", ["InProgress", "Completed"])
    def test_one_that_runs_or_has_completed_is_reattached_to(
        self, stub: Stubber, status: str
    ) -> None:
        is_described(stub, "Failed")
        is_described(stub, status, f"{NAME}-2")
        is_described(stub, status, f"{NAME}-2")
        assert waited_for() == f"{NAME}-2"

    def test_it_ends(self, stub: Stubber) -> None:
        for number in range(1, MOST_TUNING_JOBS_PER_RUN + 1):
            is_described(stub, "Stopped", NAME if number == 1 else f"{NAME}-{number}")
        with pytest.raises(AirflowFailException, match=f"9 tuning jobs named {NAME}"):
            operator().execute({})


def test_a_tuning_without_a_best_job_says_what_to_look_for(stub: Stubber) -> None:
    is_described(stub, "Completed")
    event = {"status": "success", "message": "Job completed.", "job_name": NAME}
    with pytest.raises(AirflowFailException, match="expected one that prints auc"):
        operator().resume_execution("execute_complete", {"event": event}, {})


@pytest.mark.parametrize("rounds", [1, 5, 720])
def test_the_stock_operators_polls_are_enough(rounds: int) -> None:
    wait = rounds * job_wait_seconds(3600)
    assert tuning_poll_seconds(wait) * TUNING_POLLS >= wait


def test_the_training_of_the_request_is_checked() -> None:
    given = example_data.tuning_config("bucket")
    given["TrainingJobDefinition"]["StaticHyperParameters"]["num_class"] = "{classes}"
    with pytest.raises(TrainingConfigError, match="Pin the label as a category"):
        fill_in(given, MANIFEST, NAME)
    channel = CONFIG["TrainingJobDefinition"]["InputDataConfig"][0]
    assert channel["DataSource"]["S3DataSource"]["S3Uri"].endswith(f"{example_data.folder()}train/")
    assert "TrainingJobName" not in CONFIG
