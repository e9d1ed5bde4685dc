"""The training jobs of a run that tuned: those of each of its tuning jobs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from botocore.stub import Stubber

from operate.jobs import training_jobs
from tests.operate.answers import FakeAirflow, FakeConnection, client

RUN = "20260101T000000000000"
STARTED = datetime(2026, 1, 1, tzinfo=UTC)


def test_the_jobs_of_each_tuning_job_are_found() -> None:
    sagemaker = client("sagemaker")
    stubber = Stubber(sagemaker)
    for tuning in (f"stack-west2-{RUN}", f"stack-west2-{RUN}-2"):
        names = [f"{tuning}-00{number}-0123abcd" for number in (1, 2)]
        stubber.add_response(
            "list_training_jobs_for_hyper_parameter_tuning_job",
            {"TrainingJobSummaries": [_summary(name) for name in names]},
            {"HyperParameterTuningJobName": tuning},
        )
        for name in names:
            stubber.add_response("describe_training_job", _job(name), {"TrainingJobName": name})
    stubber.add_client_error(
        "list_training_jobs_for_hyper_parameter_tuning_job", "ResourceNotFound"
    )
    stubber.activate()
    connection = FakeConnection(FakeAirflow([]), {"sagemaker": sagemaker})
    pipeline = connection.stack.ml_pipelines["west2"].model_copy(update={"tunes": True})

    found = training_jobs(connection, "west2", pipeline, RUN)

    assert [each.name.removeprefix(f"stack-west2-{RUN}") for each in found] == [
        *("-001-0123abcd", "-002-0123abcd", "-2-001-0123abcd", "-2-002-0123abcd")
    ]
    assert sum(each.compute_seconds or 0 for each in found) == 4 * 2 * 30
    stubber.assert_no_pending_responses()


def _summary(name: str) -> dict[str, Any]:
    return {
        "TrainingJobName": name,
        "TrainingJobArn": "arn:aws:sagemaker:us-west-2:222222222222:training-job/x",
        "CreationTime": STARTED,
        "TrainingJobStatus": "Completed",
        "TunedHyperParameters": {"eta": "0.1"},
    }


def _job(name: str) -> dict[str, Any]:
    return {
        "TrainingJobName": name,
        "TrainingJobArn": "arn:aws:sagemaker:us-west-2:222222222222:training-job/x",
        "ModelArtifacts": {"S3ModelArtifacts": "s3://bucket/model.tar.gz"},
        "TrainingJobStatus": "Completed",
        "SecondaryStatus": "Completed",
        "AlgorithmSpecification": {"TrainingInputMode": "File"},
        "ResourceConfig": {
            "InstanceType": "ml.m5.large",
            "InstanceCount": 2,
            "VolumeSizeInGB": 1,
        },
        "StoppingCondition": {},
        "CreationTime": STARTED,
        "BillableTimeInSeconds": 30,
    }
