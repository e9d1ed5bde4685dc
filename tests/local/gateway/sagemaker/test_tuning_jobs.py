"""SageMaker tuning jobs: the training jobs that they start, the best of them, who may tune."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.gateway.sagemaker.tuning_choice import choose
from tests.local.gateway.aws import DATA, EAST, Aws, allow, refusal, wait_until
from tests.local.gateway.sagemaker.training import Training

_ENDED = {"Completed", "Failed", "Stopped"}


@pytest.fixture
def training(aws: Aws) -> Training:
    return Training(aws)


def request(training: Training, **changes: Any) -> dict[str, Any]:
    definition = training.request(**changes.pop("definition", {}))
    del definition["TrainingJobName"]
    given = definition.pop("HyperParameters")
    config = {
        "Strategy": "Bayesian",
        "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "validation:rmse"},
        "ResourceLimits": {"MaxNumberOfTrainingJobs": 3, "MaxParallelTrainingJobs": 2},
        "ParameterRanges": {
            "ContinuousParameterRanges": [
                {
                    "Name": "eta",
                    "MinValue": "0.1",
                    "MaxValue": "0.9",
                    "ScalingType": "Logarithmic",
                }
            ],
            "IntegerParameterRanges": [{"Name": "max_depth", "MinValue": "1", "MaxValue": "4"}],
        },
        **changes.pop("config", {}),
    }
    return {
        "HyperParameterTuningJobName": training.aws.unique("tune"),
        "HyperParameterTuningJobConfig": config,
        "TrainingJobDefinition": {"StaticHyperParameters": given, **definition},
        **changes,
    }


def look(training: Training, name: str) -> dict[str, Any]:
    found: dict[str, Any] = training.sagemaker.describe_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=name
    )
    return found


def ended(training: Training, name: str) -> dict[str, Any]:
    return wait_until(
        lambda: look(training, name), lambda job: job["HyperParameterTuningJobStatus"] in _ENDED
    )


def start(training: Training, **changes: Any) -> str:
    asked = request(training, **changes)
    training.sagemaker.create_hyper_parameter_tuning_job(**asked)
    return str(asked["HyperParameterTuningJobName"])


def jobs(training: Training, name: str, **asked: Any) -> list[dict[str, Any]]:
    answer = training.sagemaker.list_training_jobs_for_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=name, **asked
    )
    found: list[dict[str, Any]] = answer["TrainingJobSummaries"]
    return found


@pytest.mark.verification
def test_the_best_of_real_trainings_is_found(training: Training) -> None:
    name = start(training)
    most = wait_until(
        lambda: look(training, name)["TrainingJobStatusCounters"]["InProgress"], lambda n: n > 0
    )
    assert most <= 2
    job = ended(training, name)
    assert (job["HyperParameterTuningJobStatus"], job.get("FailureReason")) == ("Completed", None)
    assert job["TrainingJobStatusCounters"]["Completed"] == 3
    assert job["ObjectiveStatusCounters"]["Succeeded"] == 3
    listed = jobs(training, name)
    values = {
        each["TrainingJobName"]: each["FinalHyperParameterTuningJobObjectiveMetric"]["Value"]
        for each in listed
    }
    best = job["BestTrainingJob"]
    assert best["TrainingJobName"] == min(values, key=lambda each: values[each])
    assert [each[: len(name) + 5] for each in values] == [f"{name}-00{n}-" for n in (1, 2, 3)]
    described = training.look(best["TrainingJobName"])
    assert described["TuningJobArn"] == job["HyperParameterTuningJobArn"]
    assert described["HyperParameters"] == {
        "objective": "binary:logistic",
        "num_round": "5",
        **best["TunedHyperParameters"],
        "_tuning_objective_metric": "validation:rmse",
    }
    assert len({str(each["TunedHyperParameters"]) for each in listed}) == 3


@pytest.mark.verification
def test_where_every_training_fails_the_list_says_why(training: Training) -> None:
    name = start(training, definition={"HyperParameters": {"objective": "binary:logistic"}})
    job = ended(training, name)
    assert job["HyperParameterTuningJobStatus"] == "Failed"
    assert job["FailureReason"].startswith("All training jobs failed.")
    assert "BestTrainingJob" not in job
    (failed,) = jobs(training, name, StatusEquals="Failed", MaxResults=1)
    assert failed["FailureReason"].startswith("ClientError: Hyperparameter num_round is required.")
    assert failed["ObjectiveStatus"] == "Failed"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"HyperParameterTuningJobName": "a" * 33}, "33 characters, at most 32"),
        (
            {
                "config": {
                    "ResourceLimits": {"MaxNumberOfTrainingJobs": 1, "MaxParallelTrainingJobs": 2}
                }
            },
            "MaxParallelTrainingJobs 2 is more than MaxNumberOfTrainingJobs 1",
        ),
        ({"definition": {"HyperParameters": {"eta": "0.1"}}}, "eta is both static and tunable"),
        (
            {
                "config": {
                    "ParameterRanges": {
                        "CategoricalParameterRanges": [{"Name": "booster", "Values": ["dart"]}]
                    }
                }
            },
            "untunable hyperparameters: ['booster']",
        ),
        (
            {
                "config": {
                    "HyperParameterTuningJobObjective": {"Type": "Maximize", "MetricName": "auc"}
                }
            },
            "MetricName auc: the algorithm has no such metric",
        ),
        ({"config": {"Strategy": "Grid"}}, "Strategy: the local run has Bayesian and Random"),
    ],
)
def test_what_is_refused(training: Training, changes: dict[str, Any], problem: str) -> None:
    said = refusal(lambda: start(training, **changes))
    assert said.startswith("ValidationException: ")
    assert problem in said


def test_a_job_that_is_not_there(training: Training) -> None:
    with pytest.raises(ClientError, match="ResourceNotFound"):
        look(training, "none")


@pytest.mark.verification
class TestAuthorization:
    """The conditions under which the cross-account role may tune."""

    def _start(self, training: Training, **changes: Any) -> None:
        conditions = {
            "ArnEquals": {"sagemaker:OutputKmsKey": training.key},
            "ForAllValues:StringEquals": {"sagemaker:InstanceTypes": ["ml.m5.xlarge"]},
            "Null": {"sagemaker:InstanceTypes": "false"},
            "Bool": {"sagemaker:NetworkIsolation": "true"},
            "NumericLessThanEquals": {"sagemaker:MaxRuntimeInSeconds": "3600"},
        }
        tuning_jobs = f"arn:aws:sagemaker:{EAST}:{DATA}:hyper-parameter-tuning-job/tune*"
        passed = {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
        session = training.aws.session(
            allow("sagemaker:CreateHyperParameterTuningJob", tuning_jobs, Condition=conditions),
            allow("iam:PassRole", training.role, Condition=passed),
        )
        client = training.aws.client("sagemaker", session)
        limits = {"MaxNumberOfTrainingJobs": 1, "MaxParallelTrainingJobs": 1}
        asked = request(training, config={"ResourceLimits": limits}, **changes)
        client.create_hyper_parameter_tuning_job(**asked)

    def test_as_it_should_be(self, training: Training) -> None:
        self._start(training)

    @pytest.mark.parametrize(
        "changes",
        [
            {"HyperParameterTuningJobName": "other"},
            {"definition": {"EnableNetworkIsolation": False}},
            {"definition": {"StoppingCondition": {"MaxRuntimeInSeconds": 3601}}},
            {"definition": {"OutputDataConfig": {"S3OutputPath": "s3://b/"}}},
        ],
    )
    def test_otherwise(self, training: Training, changes: dict[str, Any]) -> None:
        said = refusal(lambda: self._start(training, **changes))
        assert said.startswith("AccessDeniedException")
        assert "sagemaker:CreateHyperParameterTuningJob" in said

    def test_another_role_is_not_passed(self, training: Training) -> None:
        other = {"RoleArn": f"arn:aws:iam::{DATA}:role/other"}
        assert "iam:PassRole" in refusal(lambda: self._start(training, definition=other))


class TestChoice:
    """A random search, the same each time."""

    RANGES: dict[str, Any] = {  # noqa: RUF012
        "CategoricalParameterRanges": [{"Name": "kind", "Values": ["a", "b"]}],
        "ContinuousParameterRanges": [
            {"Name": name, "MinValue": "0.1", "MaxValue": "0.9", "ScalingType": scale}
            for name, scale in (("x", "Linear"), ("y", "Logarithmic"), ("z", "ReverseLogarithmic"))
        ],
        "IntegerParameterRanges": [
            {"Name": name, "MinValue": "1", "MaxValue": "9", "ScalingType": scale}
            for name, scale in (("i", "Auto"), ("j", "Logarithmic"))
        ],
    }

    def test_every_value_is_in_its_range(self) -> None:
        for number in range(200):
            chosen = choose(self.RANGES, str(number), [])
            assert chosen["kind"] in {"a", "b"}
            assert all(0.1 <= float(chosen[name]) <= 0.9 for name in "xyz")
            assert all(1 <= int(chosen[name]) <= 9 for name in "ij")

    def test_the_seed_decides_and_none_comes_twice(self) -> None:
        assert choose(self.RANGES, "a", []) == choose(self.RANGES, "a", [])
        few = {"CategoricalParameterRanges": self.RANGES["CategoricalParameterRanges"]}
        first = choose(few, "a", [])
        assert choose(few, "a", [first]) != first
