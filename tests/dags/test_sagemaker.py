"""One job per run, even if the task that started it dies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import boto3
import pytest
from airflow.providers.amazon.aws.hooks.sagemaker import SageMakerHook
from botocore.stub import Stubber  # type: ignore[import-untyped]
from cross_account.aws_error import ClientError
from cross_account.failure import AirflowFailException
from cross_account.sagemaker import (
    MOST_JOBS_PER_RUN,
    CrossAccountSageMakerHook,
    CrossAccountSageMakerTrainingOperator,
)

pytestmark = pytest.mark.airflow

NAME = "unified-pipelines-dev-west2-20261122T123336123456"
ARN = f"arn:aws:sagemaker:us-west-2:222222222222:training-job/{NAME}"
CONFIG = {
    "TrainingJobName": NAME,
    "AlgorithmSpecification": {"TrainingInputMode": "File"},
    "RoleArn": "arn:aws:iam::222222222222:role/unified-pipelines-dev-west2-sagemaker",
    "OutputDataConfig": {"S3OutputPath": "s3://bucket/models/"},
    "ResourceConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 1},
    "StoppingCondition": {"MaxRuntimeInSeconds": 60},
}


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    client = boto3.client("sagemaker", region_name="us-west-2")
    monkeypatch.setattr(SageMakerHook, "get_conn", lambda _self: client)
    monkeypatch.setattr(SageMakerHook, "conn", client, raising=False)
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def hook(stub: Stubber) -> CrossAccountSageMakerHook:
    return CrossAccountSageMakerHook(aws_conn_id=None)  # type: ignore[no-untyped-call]


def is_described(
    stub: Stubber,
    status: str | None,
    name: str = NAME,
    reason: str | None = None,
    metrics: Sequence[dict[str, Any]] = (),
) -> None:
    """Expect one look at a job; `None` is a job that doesn't exist."""
    if status is None:
        stub.add_client_error(
            "describe_training_job",
            "ValidationException",
            "Requested resource not found.",
            expected_params={"TrainingJobName": name},
        )
        return
    answer = {
        "TrainingJobName": name,
        "TrainingJobArn": ARN,
        "TrainingJobStatus": status,
        "ModelArtifacts": {"S3ModelArtifacts": "s3://bucket/models/model.tar.gz"},
        "SecondaryStatus": "Completed",
        "AlgorithmSpecification": {"TrainingInputMode": "File"},
        "ResourceConfig": {"VolumeSizeInGB": 1},
        "StoppingCondition": {},
        "FinalMetricDataList": list(metrics),
        "CreationTime": 0,
        **({} if reason is None else {"FailureReason": reason}),
    }
    stub.add_response("describe_training_job", answer, {"TrainingJobName": name})


def is_created(stub: Stubber, name: str = NAME) -> None:
    stub.add_response(
        "create_training_job",
        {"TrainingJobArn": ARN, "ResponseMetadata": {"HTTPStatusCode": 200}},
        {**CONFIG, "TrainingJobName": name},
    )


class TestHook:
    """A job is started only where none of its name is running or has completed."""

    def create(self, hook: CrossAccountSageMakerHook) -> Any:
        return hook.create_training_job(
            dict(CONFIG), wait_for_completion=False, print_log=False, check_interval=1
        )

    def test_a_new_job_is_started(self, stub: Stubber, hook: CrossAccountSageMakerHook) -> None:
        is_described(stub, None)
        is_created(stub)
        assert self.create(hook)["TrainingJobArn"] == ARN

    @pytest.mark.parametrize("status", ["InProgress", "Stopping", "Completed"])
    def test_a_job_is_reattached_to(
        self, stub: Stubber, hook: CrossAccountSageMakerHook, status: str
    ) -> None:
        is_described(stub, status)
        assert self.create(hook)["ResponseMetadata"]["HTTPStatusCode"] == 200

    def test_no_object_of_a_channel_is_looked_for(
        self, stub: Stubber, hook: CrossAccountSageMakerHook, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The hub has no permission to read a script's code."""

        def look(*_: object) -> bool:
            raise AssertionError("the hub looked into a bucket")

        monkeypatch.setattr(SageMakerHook, "check_s3_url", look)
        uri = "s3://bucket/scripts/training/abc/sourcedir.tar.gz"
        source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri}}
        config = {**CONFIG, "InputDataConfig": [{"ChannelName": "code", "DataSource": source}]}
        is_described(stub, None)
        stub.add_response("create_training_job", {"TrainingJobArn": ARN}, config)
        response = hook.create_training_job(config, wait_for_completion=False, print_log=False)
        assert response["TrainingJobArn"] == ARN

    def test_a_race_is_lost_without_harm(
        self, stub: Stubber, hook: CrossAccountSageMakerHook
    ) -> None:
        is_described(stub, None)
        stub.add_client_error("create_training_job", "ResourceInUse")
        assert self.create(hook)["ResponseMetadata"]["HTTPStatusCode"] == 200

    @pytest.mark.parametrize("code", ["AccessDeniedException", "ThrottlingException"])
    def test_other_refusals_are_raised(
        self, stub: Stubber, hook: CrossAccountSageMakerHook, code: str
    ) -> None:
        stub.add_client_error("describe_training_job", code)
        with pytest.raises(ClientError, match=code):
            self.create(hook)
        is_described(stub, None)
        stub.add_client_error("create_training_job", code)
        with pytest.raises(ClientError, match=code):
            self.create(hook)


class TestJobName:
    """The next name is used only where the earlier job failed."""

    @pytest.mark.parametrize("status", [None, "InProgress", "Stopping", "Completed"])
    def test_the_runs_own(
        self, stub: Stubber, hook: CrossAccountSageMakerHook, status: str | None
    ) -> None:
        is_described(stub, status)
        assert hook.usable_job_name(NAME) == NAME

    def test_the_next(self, stub: Stubber, hook: CrossAccountSageMakerHook) -> None:
        is_described(stub, "Failed")
        is_described(stub, "Stopped", f"{NAME}-2")
        is_described(stub, None, f"{NAME}-3")
        assert hook.usable_job_name(NAME) == f"{NAME}-3"

    def test_a_second_job_is_reattached_to(
        self, stub: Stubber, hook: CrossAccountSageMakerHook
    ) -> None:
        is_described(stub, "Failed")
        is_described(stub, "InProgress", f"{NAME}-2")
        assert hook.usable_job_name(NAME) == f"{NAME}-2"

    def test_it_ends(self, stub: Stubber, operator: CrossAccountSageMakerTrainingOperator) -> None:
        is_described(stub, "Failed")
        for number in range(2, MOST_JOBS_PER_RUN + 1):
            is_described(stub, "Failed", f"{NAME}-{number}")
        with pytest.raises(AirflowFailException, match="99"):
            operator.execute({})

    @pytest.fixture
    def operator(self, hook: CrossAccountSageMakerHook) -> CrossAccountSageMakerTrainingOperator:
        return new_operator()


def new_operator() -> CrossAccountSageMakerTrainingOperator:
    return CrossAccountSageMakerTrainingOperator(
        task_id="train",
        aws_conn_id=None,
        config=dict(CONFIG),
        check_if_job_exists=False,
        print_log=False,
        deferrable=True,
    )


class TestOperator:
    """The stock operator's flow, with the run's job instead of a new one."""

    def test_a_finished_job_is_returned(self, stub: Stubber) -> None:
        for _ in range(3):
            is_described(stub, "Completed")
        result = new_operator().execute({})
        assert result["Training"]["TrainingJobName"] == NAME

    def test_after_a_failure_the_next_job_is_started(self, stub: Stubber) -> None:
        second = f"{NAME}-2"
        is_described(stub, "Failed")
        is_described(stub, None, second)
        is_described(stub, None, second)
        is_created(stub, second)
        is_described(stub, "Completed", second)
        result = new_operator().execute({})
        assert result["Training"]["TrainingJobName"] == second


class TestMetrics:
    """One that isn't finite can't be stored in a task's result."""

    METRICS: ClassVar = [
        {"MetricName": name, "Value": value, "Timestamp": 0}
        for name, value in {"a": 0.5, "b": float("nan"), "c": float("inf")}.items()
    ]

    def names(self, result: dict[str, Any]) -> list[str]:
        return [metric["MetricName"] for metric in result["Training"]["FinalMetricDataList"]]

    def test_of_a_job_that_is_done_already(self, stub: Stubber) -> None:
        for _ in range(3):
            is_described(stub, "Completed", metrics=self.METRICS)
        assert self.names(new_operator().execute({})) == ["a"]

    def test_of_a_job_that_was_waited_for(self, stub: Stubber) -> None:
        is_described(stub, "Completed", metrics=self.METRICS)
        event = {"status": "success", "message": "Job completed.", "job_name": NAME}
        result = new_operator().resume_execution("execute_complete", {"event": event}, {})
        assert self.names(result) == ["a"]


class TestFailedJob:
    """The task raises SageMaker's own reason; the trigger knows only the status."""

    @staticmethod
    def resume() -> None:
        operator = new_operator()
        operator.resume_execution("__fail__", {"error": "Trigger failure"}, {})

    def test_its_reason_is_raised(self, stub: Stubber) -> None:
        is_described(stub, "Failed")
        is_described(stub, "Failed", f"{NAME}-2", reason="AlgorithmError: out of memory")
        is_described(stub, None, f"{NAME}-3")
        with pytest.raises(RuntimeError) as error:
            self.resume()
        assert f"{NAME}-2" in str(error.value)
        assert "AlgorithmError: out of memory" in str(error.value)

    @pytest.mark.parametrize(
        "sentence",
        [
            "label must be in [0,1] for logistic regression",
            "label must be in [0, num_class).",
            "base_score must be in (0,1) for logistic loss, got: 1.5",
        ],
    )
    def test_labels_that_the_objective_does_not_take_are_not_retried(
        self, stub: Stubber, sentence: str
    ) -> None:
        is_described(stub, "Failed", reason=f"AlgorithmError: {sentence}")
        is_described(stub, None, f"{NAME}-2")
        with pytest.raises(AirflowFailException) as error:
            self.resume()
        assert sentence in str(error.value)

    @pytest.mark.parametrize(
        ("next_method", "next_kwargs"),
        [
            ("__fail__", {"error": "Trigger failure"}),
            ("__fail__", {"error": "Trigger timeout"}),
            ("execute_complete", {"event": {"status": "error", "message": "Waiter error"}}),
        ],
    )
    def test_however_the_wait_ends(
        self, stub: Stubber, next_method: str, next_kwargs: dict[str, Any]
    ) -> None:
        is_described(stub, "Failed", reason="ClientError: no space left")
        is_described(stub, None, f"{NAME}-2")
        with pytest.raises(RuntimeError, match="ClientError: no space left"):
            new_operator().resume_execution(next_method, next_kwargs, {})

    def test_a_job_that_goes_on_has_none(self, stub: Stubber) -> None:
        """The trigger itself failed; the task's next attempt reattaches to the job."""
        is_described(stub, "InProgress")
        is_described(stub, None, f"{NAME}-2")
        with pytest.raises(RuntimeError) as error:
            self.resume()
        assert all(part in str(error.value) for part in (NAME, "InProgress", "Trigger failure"))

    def test_no_job_at_all(self, stub: Stubber) -> None:
        """The wait for quota failed, before there was a job."""
        is_described(stub, None)
        with pytest.raises(RuntimeError) as error:
            self.resume()
        assert "Trigger failure" in str(error.value)
