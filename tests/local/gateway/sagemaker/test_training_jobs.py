"""SageMaker training jobs: who may start them, what they train on, how they end."""

from __future__ import annotations

import io
import tarfile
from typing import Any

import pytest
import xgboost
from botocore.exceptions import ClientError

from tests.local.gateway.aws import (
    DATA,
    EAST,
    WEST,
    Aws,
    Credentials,
    allow,
    refusal,
    service_trust,
    wait_until,
)
from tests.local.gateway.sagemaker.training import Training


@pytest.fixture
def training(aws: Aws) -> Training:
    return Training(aws)


def test_it_writes_a_model_that_predicts(training: Training) -> None:
    name = training.start()
    job = training.ended(name)
    assert (job["TrainingJobStatus"], job.get("FailureReason")) == ("Completed", None)
    statuses = [row["Status"] for row in job["SecondaryStatusTransitions"]]
    assert statuses == ["Starting", "Downloading", "Training", "Uploading", "Completed"]
    uri = f"s3://{training.bucket}/models/run=r/{name}/output/model.tar.gz"
    assert job["ModelArtifacts"]["S3ModelArtifacts"] == uri
    key = uri.removeprefix(f"s3://{training.bucket}/")
    stored = training.s3.get_object(Bucket=training.bucket, Key=key)
    assert stored["SSEKMSKeyId"] == training.key
    with tarfile.open(fileobj=io.BytesIO(stored["Body"].read())) as archive:
        assert archive.getnames() == ["xgboost-model"]
        model = archive.extractfile("xgboost-model")
        assert model is not None
        booster = xgboost.Booster(model_file=bytearray(model.read()))
    predicted = booster.inplace_predict([[0.0, 4.0], [10.0, 5.0]])
    assert predicted[0] < 0.5 < predicted[1]


def test_its_metrics_are_those_of_both_channels(training: Training) -> None:
    job = training.ended(training.start())
    metrics = {row["MetricName"]: row["Value"] for row in job["FinalMetricDataList"]}
    assert set(metrics) == {"train:logloss", "validation:logloss"}
    assert all(0 < value < 0.69 for value in metrics.values())


class TestFailures:
    def test_its_own_words(self, training: Training) -> None:
        said = training.failure(HyperParameters={"objective": "binary:logistic"})
        assert said == "ClientError: Hyperparameter num_round is required., exit code: 2"

    def test_no_object_under_the_prefix(self, training: Training) -> None:
        key = "transformed/train/part-00000.csv"
        training.s3.delete_object(Bucket=training.bucket, Key=key)
        assert "no S3 objects found under" in training.failure()

    @pytest.mark.verification
    @pytest.mark.parametrize(
        "action",
        ["s3:ListBucket", "s3:GetObject", "s3:PutObject", "kms:GenerateDataKey", "kms:CreateGrant"],
    )
    def test_a_right_that_the_role_lacks(self, training: Training, action: str) -> None:
        training.aws.permit(training.role, *training.permissions(action))
        said = training.failure()
        assert said.startswith("ClientError: ")
        assert action in said or "403" in said


@pytest.mark.verification
class TestEarlyEnd:
    _LONG = {"objective": "binary:logistic", "num_round": "100000000"}  # noqa: RUF012

    def test_its_limit(self, training: Training) -> None:
        name = training.start(
            HyperParameters=self._LONG, StoppingCondition={"MaxRuntimeInSeconds": 1}
        )
        job = training.ended(name)
        assert job["TrainingJobStatus"] == "Stopped"
        assert job["SecondaryStatus"] == "MaxRuntimeExceeded"

    def test_a_stop(self, training: Training) -> None:
        name = training.start(HyperParameters=self._LONG)
        wait_until(lambda: training.look(name), lambda job: job["SecondaryStatus"] == "Training")
        training.sagemaker.stop_training_job(TrainingJobName=name)
        job = training.ended(name)
        assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Stopped", "Stopped")
        said = refusal(lambda: training.sagemaker.stop_training_job(TrainingJobName=name))
        assert said.startswith("ValidationException: The job is Stopped")


class TestRequest:
    def test_a_name_is_used_once(self, training: Training) -> None:
        name = training.start(HyperParameters={"num_round": "1"})
        said = refusal(lambda: training.start(TrainingJobName=name))
        assert said.startswith("ResourceInUse")

    @pytest.mark.parametrize(
        ("changes", "problem"),
        [
            ({"TrainingJobName": "run_1"}, "TrainingJobName: 'run_1' does not match"),
            ({"TrainingJobName": "a" * 64}, "TrainingJobName: 64 characters, at most 63"),
            (
                {
                    "AlgorithmSpecification": {
                        "TrainingImage": "kmeans",
                        "TrainingInputMode": "File",
                    }
                },
                "TrainingImage 'kmeans': the local run can't run images",
            ),
        ],
    )
    def test_what_aws_refuses(
        self, training: Training, changes: dict[str, Any], problem: str
    ) -> None:
        said = refusal(lambda: training.start(**changes))
        assert said.startswith("ValidationException: ")
        assert problem in said

    def test_a_role_that_does_not_trust_sagemaker(self, training: Training) -> None:
        role = training.aws.role("other", trusted=service_trust("glue.amazonaws.com"))
        assert "Could not assume role" in refusal(lambda: training.start(RoleArn=role))

    def test_a_job_that_is_not_there(self, training: Training) -> None:
        with pytest.raises(ClientError, match="Requested resource not found"):
            training.look("none")


class TestPlace:
    """What makes the system replicate: a job reads and writes in its own Region only."""

    def _elsewhere(self, training: Training, prefix: str) -> str:
        return f"s3://{training.aws.bucket(region=WEST)}/{prefix}/"

    def test_a_bucket_to_train_on(self, training: Training) -> None:
        channels = training.request()["InputDataConfig"]
        uri = self._elsewhere(training, "transformed/train")
        channels[0]["DataSource"]["S3DataSource"]["S3Uri"] = uri
        said = refusal(lambda: training.start(InputDataConfig=channels))
        assert said == (
            f"ValidationException: {uri} is in us-west-2: expected the Region of the training job,"
            " us-east-1"
        )

    def test_a_bucket_for_the_model(self, training: Training) -> None:
        uri = self._elsewhere(training, "models")
        said = refusal(lambda: training.start(OutputDataConfig={"S3OutputPath": uri}))
        assert said.startswith(f"ValidationException: {uri} is in us-west-2")

    def test_an_image(self, training: Training) -> None:
        image = "1.dkr.ecr.us-west-2.amazonaws.com/sagemaker-xgboost:3.0-5"
        algorithm = {"TrainingImage": image, "TrainingInputMode": "File"}
        said = refusal(lambda: training.start(AlgorithmSpecification=algorithm))
        assert said.startswith(f"ValidationException: {image} is in us-west-2")


class TestList:
    def test_by_name(self, training: Training) -> None:
        name = training.start(HyperParameters={"num_round": "1"})
        rows = training.sagemaker.list_training_jobs(NameContains=name)["TrainingJobSummaries"]
        assert [row["TrainingJobName"] for row in rows] == [name]

    def test_a_page_at_a_time(self, training: Training) -> None:
        start = training.aws.unique("paged")
        names = [f"{start}-x{number}" for number in range(3)]
        for name in names:
            training.start(TrainingJobName=name, HyperParameters={"objective": "none"})
        asked = {"NameContains": f"{start}-x", "MaxResults": 2}
        first = training.sagemaker.list_training_jobs(**asked)
        second = training.sagemaker.list_training_jobs(**asked, NextToken=first["NextToken"])
        found = [
            [row["TrainingJobName"] for row in page["TrainingJobSummaries"]]
            for page in (first, second)
        ]
        assert found == [names[:2], names[2:]]
        assert "NextToken" not in second

    @pytest.mark.parametrize("asked", [{"SortOrder": "Descending"}, {"NextToken": "ours?"}])
    def test_what_it_can_not_do_is_refused(self, training: Training, asked: dict[str, str]) -> None:
        said = refusal(lambda: training.sagemaker.list_training_jobs(**asked))
        assert said.startswith(f"ValidationException: {next(iter(asked))}: ")


@pytest.mark.verification
class TestAuthorization:
    """The conditions under which the cross-account role may start a training job."""

    def _session(self, training: Training, **changed: dict[str, Any]) -> Credentials:
        conditions: dict[str, Any] = {
            "ArnEquals": {
                "sagemaker:OutputKmsKey": training.key,
                "sagemaker:VolumeKmsKey": training.key,
            },
            "ForAllValues:StringEquals": {"sagemaker:InstanceTypes": ["ml.m5.xlarge"]},
            "Null": {"sagemaker:InstanceTypes": "false"},
            "Bool": {"sagemaker:NetworkIsolation": "true"},
            "NumericLessThanEquals": {"sagemaker:MaxRuntimeInSeconds": "3600"},
        }
        jobs = f"arn:aws:sagemaker:{EAST}:{DATA}:training-job/job-*"
        passed = {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
        return training.aws.session(
            allow("sagemaker:CreateTrainingJob", jobs, Condition=conditions),
            allow("iam:PassRole", training.role, Condition=passed),
            *changed.values(),
        )

    def _start(self, training: Training, session: Credentials, **changes: Any) -> None:
        request = training.request(HyperParameters={"num_round": "1"}, **changes)
        training.aws.client("sagemaker", session).create_training_job(**request)

    def test_as_it_should_be(self, training: Training) -> None:
        self._start(training, self._session(training))

    @pytest.mark.parametrize(
        "changes",
        [
            {"TrainingJobName": "other-1"},
            {"EnableNetworkIsolation": False},
            {"StoppingCondition": {"MaxRuntimeInSeconds": 3601}},
            {"OutputDataConfig": {"S3OutputPath": "s3://b/"}},
            {
                "ResourceConfig": {
                    "InstanceType": "ml.p4d.24xlarge",
                    "InstanceCount": 1,
                    "VolumeSizeInGB": 1,
                }
            },
        ],
    )
    def test_otherwise(self, training: Training, changes: dict[str, Any]) -> None:
        session = self._session(training)
        said = refusal(lambda: self._start(training, session, **changes))
        assert said.startswith("AccessDeniedException")
        assert "sagemaker:CreateTrainingJob" in said

    def test_in_a_network_the_jobs_role_has_interfaces_made(self, training: Training) -> None:
        network = {"Subnets": ["subnet-11111111"], "SecurityGroupIds": ["sg-11111111"]}
        said = refusal(lambda: training.start(VpcConfig=network))
        assert said.startswith("ValidationException")
        assert "is not authorized to perform: ec2:DescribeDhcpOptions" in said

    def test_without_passing_the_role(self, training: Training) -> None:
        session = training.aws.session(allow("sagemaker:CreateTrainingJob", "*"))
        assert "iam:PassRole" in refusal(lambda: self._start(training, session))

    def test_tags_need_their_own_right_for_this_action(self, training: Training) -> None:
        tags = [{"Key": "a", "Value": "b"}]
        session = self._session(training)
        said = refusal(lambda: self._start(training, session, Tags=tags))
        assert "sagemaker:AddTags" in said
        condition = {"StringEquals": {"sagemaker:TaggingAction": "CreateTrainingJob"}}
        tagging = allow("sagemaker:AddTags", "*", Condition=condition)
        self._start(training, self._session(training, tagging=tagging), Tags=tags)
