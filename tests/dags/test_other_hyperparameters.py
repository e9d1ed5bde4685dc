"""Hyperparameters that a DAG run gives: whose they are, and what they are sent as."""

from __future__ import annotations

from typing import Any

import pytest
from cross_account.other_hyperparameters import HyperparametersError, with_hyperparameters

CONFIGURED: dict[str, Any] = {"HyperParameters": {"eta": "0.2", "num_round": "50"}}


def sent(given: object, algorithm: str = "xgboost") -> dict[str, str]:
    found: dict[str, str] = with_hyperparameters(CONFIGURED, given, algorithm)["HyperParameters"]
    return found


def test_nothing_given() -> None:
    assert with_hyperparameters(CONFIGURED, None, "xgboost") == CONFIGURED


def test_they_are_strings_over_the_configured_ones() -> None:
    given = {"eta": 0.1, "max_depth": 4, "refresh_leaf": True, "eval_metric": ["auc", "logloss"]}
    assert sent(given) == {
        "eta": "0.1",
        "num_round": "50",
        "max_depth": "4",
        "refresh_leaf": "true",
        "eval_metric": "auc,logloss",
    }


def test_a_script_is_given_json() -> None:
    assert sent({"layers": 3, "name": "wide", "eta": "0.1"}, "script") == {
        "num_round": "50",
        "layers": "3",
        "name": '"wide"',
        "eta": "0.1",
    }


def test_another_image_knows_its_own() -> None:
    assert sent({"layers": "x"}, "custom")["layers"] == "x"


def test_an_objective_of_classes_takes_their_number_from_the_data() -> None:
    assert sent({"objective": "multi:softprob"})["num_class"] == "{classes}"
    assert sent({"objective": "multi:softprob", "num_class": 4})["num_class"] == "4"


@pytest.mark.parametrize(
    ("given", "algorithm", "sentence"),
    [
        (["eta"], "xgboost", "expected an object such as"),
        ({"etta": 1}, "xgboost", r"hyperparameters.etta: .* no such .* Did you mean eta\?"),
        ({"eta": None}, "xgboost", "hyperparameters.eta: expected a string, a number"),
        ({"eta": float("nan")}, "xgboost", "expected a string, a number"),
        ({"objective": "rank:pairwise"}, "xgboost", "needs the groups of rows to rank"),
        ({"sagemaker_program": "other.py"}, "script", "doesn't begin with sagemaker_"),
    ],
)
def test_what_is_refused(given: object, algorithm: str, sentence: str) -> None:
    with pytest.raises(HyperparametersError, match=sentence):
        sent(given, algorithm)


def test_checkpoints_are_of_these_hyperparameters() -> None:
    uri = "s3://bucket/checkpoints/run={run}/0123/"
    spot = {**CONFIGURED, "CheckpointConfig": {"LocalPath": "/c", "S3Uri": uri}}

    def folder(**given: str) -> str:
        config = with_hyperparameters(spot, given, "xgboost")["CheckpointConfig"]
        assert config["LocalPath"] == "/c"
        return str(config["S3Uri"])

    assert folder() == uri
    assert folder(eta="0.1").startswith("s3://bucket/checkpoints/run={run}/0123-")
    assert folder(eta="0.1") == folder(eta="0.1") != folder(eta="0.3")


def test_of_a_tuning_those_that_it_does_not_choose() -> None:
    ranges = {"ContinuousParameterRanges": [{"Name": "eta"}]}
    tuning = {
        "HyperParameterTuningJobConfig": {"ParameterRanges": ranges},
        "TrainingJobDefinition": {"StaticHyperParameters": {"num_round": "50"}},
    }
    found = with_hyperparameters(tuning, {"max_depth": 4}, "xgboost")["TrainingJobDefinition"]
    assert found["StaticHyperParameters"] == {"num_round": "50", "max_depth": "4"}
    with pytest.raises(HyperparametersError, match="it chooses eta"):
        with_hyperparameters(tuning, {"eta": 0.1}, "xgboost")
