"""The address of SageMaker's built-in XGBoost image: pure, from data published by AWS."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from components.aws.partitions import dns_suffix_of
from components.topology.model import MlPipeline

REPOSITORY = "sagemaker-xgboost"

VERSION = "3.0-5"
"""XGBoost 3.0.5 as AWS packages it. Never `latest`: a model must be trainable again."""

# One account per Region, the same for every version since 0.90: the SageMaker Python SDK's
# `image_uri_config/xgboost.json`, and for GovCloud the GovCloud user guide. A Region that isn't
# here has no account that could be verified: the topology has to name the image.
REGISTRY_ACCOUNTS: Mapping[str, str] = MappingProxyType(
    {
        "af-south-1": "510948584623",
        "ap-east-1": "651117190479",
        "ap-northeast-1": "354813040037",
        "ap-northeast-2": "366743142698",
        "ap-northeast-3": "867004704886",
        "ap-south-1": "720646828776",
        "ap-south-2": "628508329040",
        "ap-southeast-1": "121021644041",
        "ap-southeast-2": "783357654285",
        "ap-southeast-3": "951798379941",
        "ap-southeast-4": "106583098589",
        "ca-central-1": "341280168497",
        "ca-west-1": "190319476487",
        "cn-north-1": "450853457545",
        "cn-northwest-1": "451049120500",
        "eu-central-1": "492215442770",
        "eu-central-2": "680994064768",
        "eu-north-1": "662702820516",
        "eu-south-1": "978288397137",
        "eu-south-2": "104374241257",
        "eu-west-1": "141502667606",
        "eu-west-2": "764974769150",
        "eu-west-3": "659782779980",
        "il-central-1": "898809789911",
        "me-central-1": "272398656194",
        "me-south-1": "801668240914",
        "sa-east-1": "737474898029",
        "us-east-1": "683313688378",
        "us-east-2": "257758044811",
        "us-gov-east-1": "237065988967",
        "us-gov-west-1": "414596584902",
        "us-west-1": "746614075791",
        "us-west-2": "246618743249",
    }
)


def training_image(pipeline: MlPipeline) -> str:
    """The image that `pipeline` trains with: the chosen one, else AWS's XGBoost of its Region."""
    return pipeline.training.image or xgboost_image(pipeline.region)


def is_xgboost_image(image: str, region: str) -> bool:
    """Whether `image` is AWS's own XGBoost of `region`, in any version."""
    registry, _, rest = image.partition("/")
    # Where the account is unknown, the topology had to name AWS's image.
    account = REGISTRY_ACCOUNTS.get(region, registry.partition(".")[0])
    return registry == _registry(account, region) and re.split("[:@]", rest)[0] == REPOSITORY


def is_on_xgboost_image(pipeline: MlPipeline) -> bool:
    """Whether `pipeline` trains in AWS's XGBoost image, be it with a script of its own."""
    training = pipeline.training
    if training.image is None:
        return training.algorithm != "custom"
    return is_xgboost_image(training.image, pipeline.region)


def xgboost_image(region: str) -> str:
    """The URI of AWS's XGBoost image in `region`.

    Raises:
        KeyError: no account is known for `region`.
    """
    return f"{_registry(REGISTRY_ACCOUNTS[region], region)}/{REPOSITORY}:{VERSION}"


def _registry(account: str, region: str) -> str:
    return f"{account}.dkr.ecr.{region}.{dns_suffix_of(region)}"
