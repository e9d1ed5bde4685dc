"""The script as a platform starts it: a process that has its package, arguments and output."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from components.data_pipeline.glue_code import SCRIPT, package
from local.deployment.assets import archive_bytes
from tests.workloads import spark_settings
from tests.workloads.glue_job import GlueJob, good_rows
from workloads.glue.errors import INPUT_REFUSED

pytestmark = pytest.mark.spark


def run(job: GlueJob, folder: Path, limit: float | str = 0.1) -> subprocess.CompletedProcess[str]:
    job.write_settings()
    archive = folder / "glue_package.zip"
    archive.write_bytes(archive_bytes(package()))
    environment = {
        "PYTHONPATH": str(archive),
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        **spark_settings.variables(folder),
        **job.pipeline.role.variables(),
    }
    return subprocess.run(
        [sys.executable, "-P", SCRIPT, *job.arguments(limit=limit)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.verification
def test_a_run_ends_with_the_status_0_and_says_what_it_did(
    glue_job: GlueJob, spark_folder: Path
) -> None:
    glue_job.pipeline.put(glue_job.key, f"label,a\n{good_rows(80)}1,2\n".encode())
    outcome = run(glue_job, spark_folder)
    assert outcome.returncode == 0, outcome.stderr
    assert f'Run {glue_job.run_id}: {{"input": 81, ' in outcome.stdout
    assert len(glue_job.published().lines) == 81


@pytest.mark.verification
def test_bad_rows_end_the_run_with_one_sentence(glue_job: GlueJob, spark_folder: Path) -> None:
    glue_job.pipeline.put(glue_job.key, b"label,a\n,1\n")
    outcome = run(glue_job, spark_folder)
    assert outcome.returncode == 1
    rejected, row = glue_job.traces()[0].rpartition("/")[::2]
    sentence = outcome.stderr.splitlines()[-1]
    assert sentence.startswith(INPUT_REFUSED)
    assert f"s3://{glue_job.pipeline.bucket}/{glue_job.key}" in sentence
    assert sentence.endswith(f" s3://{glue_job.pipeline.bucket}/{rejected}/.")
    assert "Traceback" not in outcome.stderr
    assert glue_job.traces() == [f"{rejected}/{row}"]
    assert rejected.startswith(f"rejected/run={glue_job.run_id}/")


def test_a_missing_source_ends_the_run_with_nothing_but_a_sentence(
    glue_job: GlueJob, spark_folder: Path
) -> None:
    outcome = run(glue_job, spark_folder)
    source = f"s3://{glue_job.pipeline.bucket}/{glue_job.key}"
    assert (outcome.returncode, outcome.stderr) == (1, f"There is no object {source}.\n")


def test_a_wrong_argument_ends_the_run_with_nothing_but_a_sentence(
    glue_job: GlueJob, spark_folder: Path
) -> None:
    outcome = run(glue_job, spark_folder, limit="a tenth")
    assert outcome.returncode == 1
    assert outcome.stderr.startswith("The job's arguments are wrong: argument --max_rejected")
    assert outcome.stderr.count("\n") == 1


def test_a_source_that_the_role_may_not_read_is_named(
    glue_job: GlueJob, spark_folder: Path
) -> None:
    glue_job.key = "config/not-for-glue.csv"
    glue_job.pipeline.put(glue_job.key, b"label,a\n1,2\n")
    outcome = run(glue_job, spark_folder)
    source = f"s3://{glue_job.pipeline.bucket}/{glue_job.key}"
    assert outcome.returncode == 1
    assert outcome.stderr.startswith(f"The job's role may not read {source}: it needs s3:GetObject")
    assert outcome.stderr.count("\n") == 1


def test_what_s3_refuses_otherwise_ends_the_run_with_a_sentence(
    glue_job: GlueJob, spark_folder: Path
) -> None:
    stranger = replace(glue_job.pipeline.role, access_key="AKIAIOSFODNN7EXAMPLE")
    glue_job.pipeline = replace(glue_job.pipeline, role=stranger)
    outcome = run(glue_job, spark_folder)
    assert outcome.returncode == 1
    assert outcome.stderr.startswith("S3 refused a request of the job: ")
    assert outcome.stderr.count("\n") == 1
