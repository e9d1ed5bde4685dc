"""What a training job is given, by its image; the objectives are those of the pinned XGBoost."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
import xgboost

from components.ml_pipeline.hyperparameters import (
    XGBOOST_DEFAULTS,
    hyperparameters_of,
    xgboost_trainings,
)
from components.topology.model import Hub, MlPipeline, Topology, Training
from dags.cross_account.algorithms import XGBOOST_NAMES, XGBOOST_OBJECTIVES

AWS_IMAGE = "246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-xgboost"


def pipeline(image: str | None, region: str = "us-west-2", **given: str) -> MlPipeline:
    return trained(Training(image=image, hyperparameters=given), region)


def trained(training: Training, region: str = "us-west-2") -> MlPipeline:
    return MlPipeline(account="a", region=region, source="s", training=training)


def test_they_are_merged_over_the_defaults() -> None:
    merged = hyperparameters_of(pipeline(None, eta="0.1", alpha="1"))
    assert merged == {
        "alpha": "1",
        "eta": "0.1",
        "max_depth": "5",
        "num_round": "50",
        "objective": "binary:logistic",
    }
    assert list(merged) == sorted(merged)


@pytest.mark.parametrize("image", [f"{AWS_IMAGE}:1.7-1", f"{AWS_IMAGE}@sha256:{'0' * 64}"])
def test_aws_own_image_has_the_defaults_in_every_version(image: str) -> None:
    assert hyperparameters_of(pipeline(image)) == XGBOOST_DEFAULTS


def test_aws_own_image_is_known_by_its_name_where_its_account_is_not() -> None:
    image = "123456789012.dkr.ecr.mx-central-1.amazonaws.com/sagemaker-xgboost:3.0-5"
    assert hyperparameters_of(pipeline(image, "mx-central-1")) == XGBOOST_DEFAULTS


@pytest.mark.parametrize("algorithm", ["custom", "script"])
def test_another_algorithm_is_given_what_the_topology_says_and_no_more(
    algorithm: Literal["custom", "script"],
) -> None:
    assert hyperparameters_of(trained(Training(algorithm=algorithm))) == {}
    given = Training(algorithm=algorithm, hyperparameters={"layers": "3"})
    assert hyperparameters_of(trained(given)) == {"layers": "3"}


def test_a_data_pipeline_is_told_of_the_trainings_by_xgboost_alone() -> None:
    topology = Topology(
        accounts={},
        hub=Hub(account="a", region="r"),
        data_pipelines={},
        ml_pipelines={
            name: trained(Training(algorithm=name)) for name in ("xgboost", "custom", "script")
        },
    )
    assert set(xgboost_trainings(topology, "s")) == {"xgboost"}


def test_the_names_of_what_is_sent_are_known() -> None:
    assert set(XGBOOST_DEFAULTS) <= XGBOOST_NAMES
    assert XGBOOST_DEFAULTS["objective"] in XGBOOST_OBJECTIVES


@pytest.mark.filterwarnings("ignore:.*reg.linear is now deprecated")
@pytest.mark.parametrize("objective", sorted(XGBOOST_OBJECTIVES))
def test_xgboost_trains_for_the_objective(objective: str) -> None:
    parameters: dict[str, object] = {"objective": objective}
    if objective.startswith("multi:"):
        parameters["num_class"] = 2
    elif objective == "reg:quantileerror":
        parameters["quantile_alpha"] = 0.5
    labels = [1, 2] if objective == "reg:gamma" else [1, 0]
    rows = xgboost.DMatrix(np.array([[0.0], [1.0]]), label=labels)
    assert xgboost.train(parameters, rows, num_boost_round=1).num_boosted_rounds() == 1
