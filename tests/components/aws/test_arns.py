"""ARNs, each written out as AWS documents it."""

from __future__ import annotations

import pytest

from components.aws.arns import (
    account_root,
    log_group_arn,
    log_stream_arns,
    repository_arn_of,
    service_arn,
)

ACCOUNT = "222222222222"


@pytest.mark.parametrize(("region", "partition"), [("us-east-1", "aws"), ("cn-north-1", "aws-cn")])
def test_of_every_partition(region: str, partition: str) -> None:
    assert service_arn("glue", region, ACCOUNT, "job/a") == (
        f"arn:{partition}:glue:{region}:{ACCOUNT}:job/a"
    )
    assert account_root(region, ACCOUNT) == f"arn:{partition}:iam::{ACCOUNT}:root"
    group = f"arn:{partition}:logs:{region}:{ACCOUNT}:log-group:/aws/lambda/f"
    assert log_group_arn(region, ACCOUNT, "/aws/lambda/f") == group
    assert log_stream_arns(region, ACCOUNT, "/aws/lambda/f") == f"{group}:log-stream:*"


@pytest.mark.parametrize("reference", [":3.0-5", "@sha256:abc"])
def test_of_the_repository_of_an_image(reference: str) -> None:
    image = f"246618743249.dkr.ecr.us-west-2.amazonaws.com/team/sagemaker-xgboost{reference}"
    assert repository_arn_of(image) == (
        "arn:aws:ecr:us-west-2:246618743249:repository/team/sagemaker-xgboost"
    )


def test_of_an_image_in_another_partition() -> None:
    image = "451049120500.dkr.ecr.cn-north-1.amazonaws.com.cn/xgboost:1"
    assert repository_arn_of(image) == "arn:aws-cn:ecr:cn-north-1:451049120500:repository/xgboost"


@pytest.mark.parametrize("image", ["", "xgboost:1", "docker.io/library/xgboost:1"])
def test_of_an_image_in_another_registry(image: str) -> None:
    with pytest.raises(ValueError, match="is not an image") as raised:
        repository_arn_of(image)
    assert str(raised.value) == (
        f"{image!r} is not an image in Amazon ECR: it has to look like "
        "<account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>"
    )
