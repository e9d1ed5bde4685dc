"""The address of AWS's XGBoost image, per Region."""

from __future__ import annotations

import re

import pytest

from components.ml_pipeline.training_image import REGISTRY_ACCOUNTS, training_image
from components.topology.limits import REGIONS


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
    assert training_image(region) == image


def test_an_unknown_region_is_no_guess() -> None:
    with pytest.raises(KeyError, match="mx-central-1"):
        training_image("mx-central-1")


def test_every_entry_is_a_region_and_an_account_of_its_own() -> None:
    for region, account_id in REGISTRY_ACCOUNTS.items():
        assert region in REGIONS
        assert re.fullmatch(r"[0-9]{12}", account_id)
    assert len(set(REGISTRY_ACCOUNTS.values())) == len(REGISTRY_ACCOUNTS)
