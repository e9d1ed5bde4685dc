"""A team's own script: what is uploaded, and what the job is told of it."""

from __future__ import annotations

from pathlib import Path

from components.data_pipeline.glue_script import team_code
from components.topology.model import DataPipeline, GlueJob
from tests.components.pipeline_examples import DATA_ACCOUNT, data_pipeline, run, settings
from tests.mocks import Recorded

BUCKET = f"unified-pipelines-dev-east1-{DATA_ACCOUNT}-us-east-1"
WHEEL = "tools-1.0-py3-none-any.whl"

PIPELINE = DataPipeline(
    account="data",
    region="us-east-1",
    glue=GlueJob(
        script="own.py",
        arguments={"until": "5"},
        inputs={"customers": "raw/customers.csv"},
        files=("helper.py",),
        python_modules=(WHEEL,),
        flex=True,
        autoscaling=True,
    ),
)


def project(folder: Path) -> Path:
    for name in ("own.py", "helper.py", WHEEL):
        (folder / name).write_text(name, encoding="utf-8")
    return folder


def deployed(folder: Path) -> Recorded:
    return run(lambda: data_pipeline(settings(), pipeline=PIPELINE, root=project(folder)))


def test_the_job_finds_all_files_in_its_bucket_and_nowhere_else(tmp_path: Path) -> None:
    recorded = deployed(tmp_path)
    script, helper, wheel = (file.key for file in team_code(PIPELINE, tmp_path).files)
    inputs = recorded.one("Job", "east1-glue-job").inputs
    arguments = inputs["nonOverridableArguments"]
    assert arguments["--extra-py-files"] == ",".join(
        f"s3://{BUCKET}/{key}" for key in ("scripts/glue_package.zip", script, helper)
    )
    assert arguments["--additional-python-modules"] == f"s3://{BUCKET}/{wheel}"
    assert arguments["--python-modules-installer-option"] == "--no-deps --no-index"
    assert arguments["--enable-auto-scaling"] == "true"
    assert inputs["executionClass"] == "FLEX"
    for name, key in (("own.py", script), ("helper.py", helper), (WHEEL, wheel)):
        assert recorded.one("BucketObjectv2", f"east1-glue-{name}").inputs["key"] == key


def test_a_changed_file_is_another_object(tmp_path: Path) -> None:
    before = [file.key for file in team_code(PIPELINE, project(tmp_path)).files]
    (tmp_path / "own.py").write_text("changed", encoding="utf-8")
    after = [file.key for file in team_code(PIPELINE, tmp_path).files]
    assert before[0] != after[0]
    assert before[1:] == after[1:]
