"""What is read of a training job: its log's rounds, and its archive's model."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xgboost
from botocore.response import StreamingBody
from botocore.stub import Stubber

from operate.model_archive import UnreadableModelError, feature_importance
from operate.training_rounds import metrics_by_round
from tests.operate.answers import ML_BUCKET, FakeAirflow, FakeConnection, client

KEY = "models/run=x/job/output/model.tar.gz"


def importance(archive: bytes, columns: list[str]) -> dict[str, float]:
    s3 = client("s3")
    stubber = Stubber(s3)
    body = StreamingBody(io.BytesIO(archive), len(archive))
    answer: dict[str, Any] = {"Body": body, "ContentLength": len(archive)}
    stubber.add_response("get_object", answer, {"Bucket": ML_BUCKET, "Key": KEY})
    stubber.activate()
    connection = FakeConnection(FakeAirflow([]), {"s3": s3})
    pipeline = connection.stack.ml_pipelines["west2"]
    return feature_importance(connection, pipeline, f"s3://{ML_BUCKET}/{KEY}", columns)


def archive_of(name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as tar:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        tar.addfile(member, io.BytesIO(content))
    return file.getvalue()


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A model that decides by its second feature alone."""
    rows = np.array([[1.0, float(number), 2.0] for number in range(40)])
    data = xgboost.DMatrix(rows, label=rows[:, 1] > 20)
    booster = xgboost.train({"nthread": 1}, data, num_boost_round=2)
    file: Path = tmp_path_factory.mktemp("model") / "model.ubj"
    booster.save_model(file)
    return file.read_bytes()


@pytest.mark.parametrize("space", ["\t", "#011"])
def test_rounds_are_read_as_xgboost_and_as_sagemaker_write_them(space: str) -> None:
    lines = [
        "[03:04:05] INFO: nothing",
        f"[0]{space}train-auc:0.5{space}validation-auc:0.25{space}train-error@0.7:1e-1",
        f"[2026-01-02 03:04:05] [1]{space}train-auc:nan{space}validation-auc:0.5",
    ]

    assert metrics_by_round(lines) == {
        "auc": {"train": [(0, 0.5)], "validation": [(0, 0.25), (1, 0.5)]},
        "error@0.7": {"train": [(0, 0.1)]},
    }


def test_features_have_the_names_of_their_columns(model: bytes) -> None:
    archive = archive_of("xgboost-model", model)

    assert importance(archive, ["label", "a", "b", "c"]) == {"b": pytest.approx(1)}
    # A column of weights isn't among the features.
    assert importance(archive, ["label", "weight", "a", "b", "c"]) == {"f1": pytest.approx(1)}


@pytest.mark.parametrize(
    ("archive", "sentence"),
    [
        (archive_of("model.pth", b"1"), "but model.pth"),
        (archive_of("xgboost-model", b"no model"), "XGBoost can't tell"),
        (b"no archive", "can't be read"),
    ],
)
def test_another_model_is_told_by_a_sentence(archive: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableModelError, match=sentence):
        importance(archive, ["label", "a"])
