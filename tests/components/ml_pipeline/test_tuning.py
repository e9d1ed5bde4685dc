"""A pipeline that tunes: the request, what its training role and the hub may do, its names."""

from __future__ import annotations

from typing import Any

import pytest

from components.aws.naming import Names
from components.topology.model import MlPipeline, Training, Tuning
from local.gateway.api import validation
from tests.components.pipeline_examples import DATA_ACCOUNT, ML, ml_pipeline, run, settings
from tests.mocks import Recorded

JOBS = Names(project="unified-pipelines", stack="dev").tuning_job_prefix("west2")
ARN = f"arn:aws:sagemaker:us-west-2:{DATA_ACCOUNT}"
AUC = {"metric": "validation:auc", "goal": "maximize"}


def search(objective: dict[str, str], parameters: dict[str, Any], **others: int) -> Tuning:
    return Tuning.model_validate({"objective": objective, "parameters": parameters, **others})


XGBOOST = search(
    AUC,
    {
        "eta": {"min": 0.05, "max": 0.5, "scale": "logarithmic"},
        "max_depth": {"min": 3, "max": 9},
        "gamma": {"min": 0, "max": 5},
    },
    jobs=10,
    parallel=3,
)


def made(training: Training) -> Recorded:
    def program() -> Any:
        pipeline = ML.model_copy(update={"training": training})
        return ml_pipeline(settings(), "west2", pipeline, DATA_ACCOUNT)

    return run(program)


def config(training: Training) -> Any:
    return made(training).one("BucketObjectv2", "west2-training-config").document("content")


def statements(recorded: Recorded, name: str) -> dict[str, Any]:
    document = recorded.one("RolePolicy", name).document("policy")
    return {each["Sid"]: each for each in document["Statement"]}


def test_the_request_is_that_of_the_training_around_which_it_searches() -> None:
    alone = config(Training(hyperparameters={"alpha": "1"}))
    request = config(Training(hyperparameters={"alpha": "1"}, tuning=XGBOOST))
    assert request["HyperParameterTuningJobConfig"] == {
        "HyperParameterTuningJobObjective": {"MetricName": "validation:auc", "Type": "Maximize"},
        "ParameterRanges": {
            # Integers, too, are AWS's continuous gamma.
            "ContinuousParameterRanges": [
                _range("eta", "0.05", "0.5", "Logarithmic"),
                _range("gamma", "0", "5"),
            ],
            "IntegerParameterRanges": [_range("max_depth", "3", "9")],
        },
        "ResourceLimits": {"MaxNumberOfTrainingJobs": 10, "MaxParallelTrainingJobs": 3},
        "Strategy": "Bayesian",
    }
    definition = dict(request["TrainingJobDefinition"])
    # The defaults of what is searched are gone.
    assert definition.pop("StaticHyperParameters") == {
        "alpha": "1",
        "num_round": "50",
        "objective": "binary:logistic",
    }
    alone.pop("HyperParameters")
    assert definition == alone


def _range(name: str, low: str, high: str, scale: str = "Auto") -> dict[str, str]:
    return {"Name": name, "MinValue": low, "MaxValue": high, "ScalingType": scale}


@pytest.mark.parametrize(
    ("algorithm", "values"), [("custom", ["a", "2"]), ("script", ['"a"', "2"])]
)
def test_a_list_is_one_of_categories_which_a_script_is_given_as_json(
    algorithm: Any, values: list[str]
) -> None:
    training = Training(
        algorithm=algorithm,
        image="246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-scikit-learn:1",
        metrics={"auc": "auc=(.*)"},
        tuning=search(
            {"metric": "auc", "goal": "minimize"},
            {"kind": ["a", 2], "eta": {"min": 1, "max": 2}},
        ),
    )
    request = config(training)
    assert request["HyperParameterTuningJobConfig"]["ParameterRanges"] == {
        "CategoricalParameterRanges": [{"Name": "kind", "Values": values}],
        "IntegerParameterRanges": [_range("eta", "1", "2")],
    }


@pytest.mark.parametrize("changes", [{}, {"spot": True, "instance_count": 2}])
def test_aws_takes_the_request(changes: dict[str, Any]) -> None:
    request = config(Training(tuning=XGBOOST, **changes))
    named = {**request, "HyperParameterTuningJobName": f"{JOBS}-20261122T123336123456-9"}
    assert validation.problems("sagemaker", "CreateHyperParameterTuningJob", named) == []


def test_jobs_on_spot_instances_share_no_checkpoints() -> None:
    recorded = made(Training(tuning=XGBOOST, spot=True))
    definition = recorded.one("BucketObjectv2", "west2-training-config").document("content")[
        "TrainingJobDefinition"
    ]
    assert definition["EnableManagedSpotTraining"] is True
    assert definition["StoppingCondition"]["MaxWaitTimeInSeconds"] == 7200
    assert not {"CheckpointConfig", "Environment"} & definition.keys()
    assert "KeepCheckpoints" not in statements(recorded, "west2-training-policy")


def test_the_hub_may_tune_as_it_may_train_otherwise_and_follow_it() -> None:
    training = statements(made(Training(instance_count=2)), "west2-crossaccount-policy")
    tuning = statements(
        made(Training(instance_count=2, tuning=XGBOOST)), "west2-crossaccount-policy"
    )
    assert "Train" not in tuning
    tune = tuning.pop("Tune")
    assert tune["Action"] == "sagemaker:CreateHyperParameterTuningJob"
    assert tune["Resource"] == f"{ARN}:hyper-parameter-tuning-job/{JOBS}-*"
    assert tune["Condition"] == training.pop("Train")["Condition"]
    follow = tuning.pop("FollowTuning")
    assert follow["Resource"] == f"{ARN}:hyper-parameter-tuning-job/{JOBS}-*"
    assert follow["Action"] == [
        "sagemaker:DescribeHyperParameterTuningJob",
        "sagemaker:ListTrainingJobsForHyperParameterTuningJob",
    ]
    assert tuning.pop("FollowTraining")["Resource"] == f"{ARN}:training-job/{JOBS}-*"
    training.pop("FollowTraining")
    assert tuning == training


def test_sagemaker_takes_the_training_role_for_both_kinds_of_jobs() -> None:
    def trusted(training: Training) -> Any:
        role = made(training).one("Role", "west2-training-role").document("assumeRolePolicy")
        return role["Statement"][0]["Condition"]["ArnLike"]["aws:SourceArn"]

    assert trusted(Training()) == f"{ARN}:training-job/*"
    assert trusted(Training(tuning=XGBOOST)) == [
        f"{ARN}:hyper-parameter-tuning-job/*",
        f"{ARN}:training-job/*",
    ]


def test_the_dag_is_told_of_it() -> None:
    found: list[Any] = []

    def program() -> None:
        pipeline = MlPipeline(
            account="ml", region="us-west-2", source="east1", training=Training(tuning=XGBOOST)
        )
        found.append(ml_pipeline(settings(), "west2", pipeline, DATA_ACCOUNT))

    run(program)
    entry = found[0].connected.dag_entry
    assert (entry["tuning_rounds"], entry["max_runtime_seconds"]) == (4, 3600)
    assert entry["training_job_name_prefix"] == JOBS == found[0].outputs["training_job_name_prefix"]
