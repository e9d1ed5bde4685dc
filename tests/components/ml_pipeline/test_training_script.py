"""A team's own script: what is packed, what the job is asked for, what it may read."""

from __future__ import annotations

import io
import json
import os
import tarfile
from pathlib import Path

import pytest

from components.ml_pipeline.training_code import training_code
from components.topology.model import Channel, Training
from tests.components.pipeline_examples import DATA_ACCOUNT, ML, ml_pipeline, run, settings
from tests.mocks import ROOT, Recorded

BUCKET = f"unified-pipelines-dev-west2-{DATA_ACCOUNT}-us-west-2"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("train.py", "helpers/rows.py", "helpers/__pycache__/rows.pyc"):
        file = tmp_path / "script" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name, encoding="utf-8")
    return tmp_path


def deployed(root: Path, training: Training) -> Recorded:
    pipeline = ML.model_copy(update={"training": training})
    return run(lambda: ml_pipeline(settings(), "west2", pipeline, DATA_ACCOUNT, root))


class TestCode:
    """The same files are one archive under one key, whenever they were written."""

    def test_what_is_packed(self, project: Path) -> None:
        with tarfile.open(fileobj=io.BytesIO(training_code(project / "script").archive)) as found:
            assert found.getnames() == ["helpers/rows.py", "train.py"]
            content = found.extractfile("train.py")
            assert content is not None
            assert content.read() == b"train.py"

    def test_another_day_or_owner_changes_nothing(self, project: Path) -> None:
        before = training_code(project / "script")
        file = project / "script/train.py"
        os.utime(file, (0, 0))
        file.chmod(0o700)
        assert training_code(project / "script") == before

    def test_another_content_has_another_key(self, project: Path) -> None:
        before = training_code(project / "script")
        (project / "script/train.py").write_text("other", encoding="utf-8")
        assert training_code(project / "script").key != before.key


class TestJob:
    """The request is SageMaker's script mode, without a network."""

    TRAINING = Training(
        algorithm="script",
        source_dir="script",
        image="246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3",
        hyperparameters={"depth": "3", "mode": "fast"},
        environment={"TEAM": "a"},
        metrics={"auc": "auc=([0-9.]+)"},
    )

    def test_the_request(self, project: Path) -> None:
        recorded = deployed(project, self.TRAINING)
        config = recorded.one("BucketObjectv2", "west2-training-config").document("content")
        hyperparameters = {
            name: json.loads(value) for name, value in config["HyperParameters"].items()
        }
        assert hyperparameters == {
            "depth": 3,
            "mode": "fast",
            "sagemaker_container_log_level": 20,
            "sagemaker_program": "train.py",
            "sagemaker_region": "us-west-2",
            "sagemaker_submit_directory": "/opt/ml/input/data/code/sourcedir.tar.gz",
        }
        assert config["Environment"] == {"TEAM": "a"}
        assert config["EnableNetworkIsolation"] is True
        algorithm = config["AlgorithmSpecification"]
        assert algorithm["MetricDefinitions"] == [{"Name": "auc", "Regex": "auc=([0-9.]+)"}]

    def test_its_channels_are_the_runs_and_its_code(self, project: Path) -> None:
        recorded = deployed(project, self.TRAINING)
        config = recorded.one("BucketObjectv2", "west2-training-config").document("content")
        key = training_code(project / "script").key
        found = {
            channel["ChannelName"]: channel["DataSource"]["S3DataSource"]["S3Uri"]
            for channel in config["InputDataConfig"]
        }
        assert found == {
            "train": f"s3://{BUCKET}/{{train}}",
            "validation": f"s3://{BUCKET}/{{validation}}",
            "schema": f"s3://{BUCKET}/{{schema}}",
            "code": f"s3://{BUCKET}/{key}",
        }
        assert recorded.one("BucketObjectv2", "west2-training-code").inputs["key"] == key

    def test_it_may_read_the_scripts_and_no_other_code(self, project: Path) -> None:
        recorded = deployed(project, self.TRAINING)
        granted = recorded.one("RolePolicy", "west2-training-policy").document("policy")
        (statement,) = [each for each in granted["Statement"] if each["Sid"] == "ReadCode"]
        assert statement["Action"] == "s3:GetObject"
        assert statement["Resource"] == f"arn:aws:s3:::{BUCKET}/scripts/training/*"


def test_the_guide_shows_the_example_that_is_tested() -> None:
    guide = (ROOT / "docs" / "training.md").read_text(encoding="utf-8")
    example = (ROOT / "tests" / "training_script" / "train.py").read_text(encoding="utf-8")
    assert f"```python\n{example}```" in guide


def test_an_image_of_a_teams_own_is_given_the_channels_that_are_listed() -> None:
    training = Training(
        algorithm="custom",
        image="123456789012.dkr.ecr.us-west-2.amazonaws.com/model:1",
        channels={"train": Channel(content_type="text/plain", input_mode="FastFile")},
    )
    recorded = deployed(Path(), training)
    config = recorded.one("BucketObjectv2", "west2-training-config").document("content")
    (channel,) = config["InputDataConfig"]
    assert (channel["ChannelName"], channel["ContentType"]) == ("train", "text/plain")
    assert channel["InputMode"] == "FastFile"
    assert config["HyperParameters"] == {}
