"""The address of AWS's XGBoost image, per Region."""

from __future__ import annotations

import re

import pytest

from components.ml_pipeline.training_image import REGISTRY_ACCOUNTS, training_image, xgboost_image
from components.topology.model import MlPipeline, Training
from components.topology.regions import REGIONS


@pytest.mark.parametrize(
    ("region", "image"),
    [
        ("us-east-1", "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.0-5"),
        ("us-west-2", "246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-xgboost:3.0-5"),
        ("cn-north-1", "450853457545.dkr.ecr.cn-north-1.amazonaws.com.cn/sagemaker-xgboost:3.0-5"),
        (
            "us-gov-west-1",
            "414596584902.dkr.ecr.us-gov-west-1.amazonaws.com/sagemaker-xgboost:3.0-5",
        ),
    ],
)
def test_known_regions(region: str, image: str) -> None:
    assert xgboost_image(region) == image


def test_an_unknown_region_is_an_error() -> None:
    with pytest.raises(KeyError, match="mx-central-1"):
        xgboost_image("mx-central-1")


def test_every_entry_is_a_region_and_an_account_of_its_own() -> None:
    for region, account_id in REGISTRY_ACCOUNTS.items():
        assert region in REGIONS
        assert re.fullmatch(r"[0-9]{12}", account_id)
    assert len(set(REGISTRY_ACCOUNTS.values())) == len(REGISTRY_ACCOUNTS)


def test_a_pipeline_trains_with_the_chosen_image_or_that_of_its_region() -> None:
    pipeline = MlPipeline(account="a", region="us-west-2", source="s")
    assert training_image(pipeline).startswith("246618743249.dkr.ecr.us-west-2.")
    chosen = pipeline.model_copy(update={"training": Training(image="mine:1")})
    assert training_image(chosen) == "mine:1"
