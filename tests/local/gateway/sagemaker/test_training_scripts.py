"""A script as SageMaker's script mode runs it: with its variables, folders and requirements."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import psutil
import pytest

from components.ml_pipeline.script_mode import script_hyperparameters
from components.ml_pipeline.spot import on_spot, with_checkpoints
from components.ml_pipeline.training_code import training_code
from components.ml_pipeline.training_policy import training as permissions
from tests.local.gateway.aws import DATA, EAST, Aws, wait_until
from tests.local.gateway.sagemaker.training import Training

EXAMPLE = Path(__file__).parents[3] / "training_script"
SCRIPT_IMAGE = "1.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"


class _Scripts:
    """Jobs that train with a script, and with the permissions that the program gives them."""

    def __init__(self, aws: Aws) -> None:
        self.training = Training(aws)
        granted = permissions(
            bucket_arn=f"arn:aws:s3:::{self.training.bucket}",
            key_arn=self.training.key,
            region=EAST,
            account_id=DATA,
            image_repository_arn=f"arn:aws:ecr:{EAST}:1:repository/sagemaker-scikit-learn",
            reads_code=True,
            keeps_checkpoints=True,
        )
        aws.permit(self.training.role, *(dict(each) for each in granted))

    def ended(self, code: Path, given: dict[str, str] | None = None, **changes: Any) -> Any:
        return self.training.ended(self.start(code, given, **changes))

    def start(self, code: Path, given: dict[str, str] | None = None, **changes: Any) -> str:
        packed = training_code(code)
        schema = "transformed/schema.json"
        for key, body in {packed.key: packed.archive, schema: b'{"version": 1}'}.items():
            self.training.s3.put_object(Bucket=self.training.bucket, Key=key, Body=body)
        own = script_hyperparameters(given or {}, entry_point="train.py", region="us-east-1")
        channels = self.training.request()["InputDataConfig"]
        for name, key in {"schema": schema, "code": packed.key}.items():
            uri = f"s3://{self.training.bucket}/{key}"
            source = {**channels[0]["DataSource"]["S3DataSource"], "S3Uri": uri}
            channels.append({"ChannelName": name, "DataSource": {"S3DataSource": source}})
        return self.training.start(HyperParameters=own, **{"InputDataConfig": channels, **changes})

    def model(self, job: dict[str, Any]) -> dict[str, bytes]:
        key = job["ModelArtifacts"]["S3ModelArtifacts"].partition(f"{self.training.bucket}/")[2]
        body = self.training.s3.get_object(Bucket=self.training.bucket, Key=key)["Body"].read()
        with tarfile.open(fileobj=io.BytesIO(body)) as archive:
            files = {each.name: archive.extractfile(each) for each in archive if each.isfile()}
            return {name: file.read() for name, file in files.items() if file}


@pytest.fixture
def scripts(aws: Aws) -> _Scripts:
    return _Scripts(aws)


def code(folder: Path, text: str, **files: str) -> Path:
    for name, content in {"train.py": text, **files}.items():
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def test_the_example_trains_and_its_metrics_are_found(scripts: _Scripts) -> None:
    # As a tuning gives it: SageMaker's own hyperparameter is no argument of the script.
    job = scripts.ended(EXAMPLE, {"max_depth": "2", "_tuning_objective_metric": "validation:auc"})
    assert (job["TrainingJobStatus"], job.get("FailureReason")) == ("Completed", None)
    metrics = {row["MetricName"]: row["Value"] for row in job["FinalMetricDataList"]}
    assert metrics == {"train:auc": 1.0, "validation:auc": 1.0}
    assert set(scripts.model(job)) == {"model.json", "schema.json"}


SHOW = """
import json, os, sys
from pathlib import Path
print("auc=0.5")
print("auc=0.75")
shown = {
    "arguments": sys.argv[1:],
    "given": json.loads(os.environ["SM_HPS"]),
    "channels": json.loads(os.environ["SM_CHANNELS"]),
    "rows": len(Path(os.environ["SM_CHANNEL_TRAIN"], "part-00000.csv").read_text().splitlines()),
    "team": os.environ["TEAM"],
    "secrets": [name for name in os.environ if "SECRET" in name or "ACCESS_KEY" in name],
    "helper": __import__("helper").NAME,
}
Path(os.environ["SM_MODEL_DIR"], "shown.json").write_text(json.dumps(shown))
"""


def test_it_has_sagemakers_variables_and_folders(scripts: _Scripts, tmp_path: Path) -> None:
    folder = code(tmp_path, SHOW, **{"helper.py": "NAME = 'helper'"})
    job = scripts.ended(
        folder,
        {"depth": "3", "mode": "fast"},
        Environment={"TEAM": "a"},
        AlgorithmSpecification={
            "TrainingImage": SCRIPT_IMAGE,
            "TrainingInputMode": "File",
            "MetricDefinitions": [{"Name": "auc", "Regex": "auc=([0-9.]+)"}],
        },
    )
    assert job.get("FailureReason") is None
    assert json.loads(scripts.model(job)["shown.json"]) == {
        "arguments": ["--depth", "3", "--mode", "fast"],
        "given": {"depth": 3, "mode": "fast"},
        "channels": ["code", "schema", "train", "validation"],
        "rows": 100,
        "team": "a",
        "secrets": [],
        "helper": "helper",
    }
    metrics = {row["MetricName"]: row["Value"] for row in job["FinalMetricDataList"]}
    assert metrics == {"auc": 0.75}


OWN_REASON = """
import os, pathlib, sys
pathlib.Path(os.environ["SM_OUTPUT_DIR"], "failure").write_text("too few rows")
sys.exit(4)
"""


@pytest.mark.verification
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import sys; sys.exit(3)", "AlgorithmError: ExecuteUserScriptError: ExitCode 3"),
        ("raise ValueError('no rows of 2026')", "ValueError: no rows of 2026, exit code: 1"),
        ("import os; os.kill(os.getpid(), 9)", "ExitCode 137"),
        (
            OWN_REASON,
            "too few rows, exit code: 4",
        ),
        ("import no_such_package", "ModuleNotFoundError: No module named 'no_such_package'"),
    ],
)
def test_how_it_fails(scripts: _Scripts, tmp_path: Path, text: str, reason: str) -> None:
    job = scripts.ended(code(tmp_path, text))
    assert job["TrainingJobStatus"] == "Failed"
    assert reason in job["FailureReason"]


@pytest.mark.verification
def test_its_limit_ends_all_that_it_started(scripts: _Scripts, tmp_path: Path) -> None:
    mark = f"limit-{tmp_path.name}"
    text = (
        "import subprocess, sys, time\n"
        f"subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)', {mark!r}])\n"
        "time.sleep(600)"
    )
    limit = {"MaxRuntimeInSeconds": 3}
    job = scripts.ended(code(tmp_path, text), StoppingCondition=limit)
    assert job["SecondaryStatus"] == "MaxRuntimeExceeded"
    running = psutil.process_iter(["cmdline"])
    assert not [each for each in running if mark in (each.info["cmdline"] or [])]


def wheel(folder: Path) -> None:
    """The smallest wheel: one module, without a dependency."""
    metadata = "Metadata-Version: 2.1\nName: teampackage\nVersion: 1.0\n"
    described = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    with zipfile.ZipFile(folder / "teampackage-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr("teampackage.py", "VALUE = 5")
        archive.writestr("teampackage-1.0.dist-info/METADATA", metadata)
        archive.writestr("teampackage-1.0.dist-info/WHEEL", described)
        archive.writestr("teampackage-1.0.dist-info/RECORD", "")


RESUMED = """
import os, sys
from pathlib import Path
checkpoint = Path(os.environ["CHECKPOINT_DIR"], "rounds", "last.txt")
if not checkpoint.exists():
    checkpoint.parent.mkdir()
    checkpoint.write_text("7")
    sys.exit("interrupted")
Path(os.environ["SM_MODEL_DIR"], "model.txt").write_text(checkpoint.read_text())
"""


@pytest.mark.verification
def test_the_next_job_goes_on_from_the_checkpoints(scripts: _Scripts, tmp_path: Path) -> None:
    folder = code(tmp_path, RESUMED)
    spot = with_checkpoints(on_spot(scripts.training.request(), 7200), scripts.training.bucket)
    prefix = spot["CheckpointConfig"]["S3Uri"].replace("{run}", "20260101T000000000000")
    changes = {
        "CheckpointConfig": {**spot["CheckpointConfig"], "S3Uri": prefix},
        "EnableManagedSpotTraining": True,
        "Environment": spot["Environment"],
        "StoppingCondition": spot["StoppingCondition"],
    }
    first = scripts.ended(folder, **changes)
    assert "interrupted" in first["FailureReason"]
    assert scripts.model(scripts.ended(folder, **changes)) == {"model.txt": b"7"}


@pytest.mark.verification
class TestRequirements:
    """They are installed beside what the image has, without a network."""

    TEXT = "import teampackage, xgboost; assert teampackage.VALUE == 5"

    def test_from_the_wheels_beside_them(self, scripts: _Scripts, tmp_path: Path) -> None:
        requirements = "--no-index\n--find-links wheels\nteampackage==1.0\n"
        folder = code(tmp_path, self.TEXT, **{"requirements.txt": requirements})
        (folder / "wheels").mkdir()
        wheel(folder / "wheels")
        assert scripts.ended(folder).get("FailureReason") is None

    def test_one_that_is_not_there(self, scripts: _Scripts, tmp_path: Path) -> None:
        requirements = "--no-index\nteampackage==1.0\n"
        folder = code(tmp_path, self.TEXT, **{"requirements.txt": requirements})
        said = scripts.ended(folder)["FailureReason"]
        assert "the requirements can't be installed" in said


def test_its_output_is_the_jobs_log(scripts: _Scripts, tmp_path: Path) -> None:
    name = scripts.start(code(tmp_path, "print('twelve rows')"))
    scripts.training.ended(name)
    logs = scripts.training.aws.client("logs")
    found = wait_until(
        lambda: logs.filter_log_events(
            logGroupName="/aws/sagemaker/TrainingJobs", logStreamNamePrefix=name
        )["events"],
        bool,
    )
    assert "twelve rows" in [each["message"] for each in found]
