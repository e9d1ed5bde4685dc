"""One S3 stand-in and one Spark session for all of the workloads' tests."""

from __future__ import annotations

import gc
import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pyspark.sql import SparkSession

from components.aws.policy_document import policy_document
from components.ml_pipeline.cleanup_policy import cleanup
from tests.workloads import s3_stand_in, spark_settings
from tests.workloads.glue_job import GlueJob
from tests.workloads.s3_stand_in import Pipeline


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with s3_stand_in.server(tmp_path_factory.mktemp("stand-in")) as address:
        yield address


@pytest.fixture(scope="session")
def data_pipeline(endpoint: str) -> Pipeline:
    """The data pipeline's bucket, and the permissions of its Glue role."""
    return s3_stand_in.make_pipeline(endpoint, "east1", "glue", "us-east-1")


@pytest.fixture(scope="session")
def ml_pipeline(endpoint: str) -> Pipeline:
    """The ML pipeline's bucket, and the permissions of its clean-up function's role."""
    region = "us-west-2"
    statements = cleanup(
        bucket_arn=f"arn:aws:s3:::{s3_stand_in.bucket_name('west2', region)}",
        key_arn="KEY:west2",
        region=region,
        keeps_rows=False,
    )
    # For the first key of a DeleteObjects the stand-in asks for s3:DeleteObject even if it names a
    # version, for all others rightly for s3:DeleteObjectVersion. It doesn't know the condition keys
    # of a request's tags.
    return s3_stand_in.make_pipeline(
        endpoint,
        "west2",
        "dagcleanup",
        region,
        policy_text=policy_document(statements),
        beyond=["s3:DeleteObject", "s3:PutObjectTagging"],
    )


@pytest.fixture(scope="session")
def spark_folder(data_pipeline: Pipeline, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the settings of Spark that a platform has."""
    folder = tmp_path_factory.mktemp("spark")
    spark_settings.write(folder, data_pipeline.role)
    return folder


@pytest.fixture(scope="session")
def spark(spark_folder: Path) -> Iterator[SparkSession]:
    """Spark, reaching the stand-in as the Glue role."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in spark_settings.variables(spark_folder).items():
            patch.setenv(name, value)
        session = SparkSession.builder.getOrCreate()
        yield session
        gateway: Any = session.sparkContext._gateway
        session.stop()
        gateway.shutdown()
        # Java ends when its standard input does.
        gateway.proc.stdin.close()
        gateway.proc.wait()


@pytest.fixture
def glue_job(data_pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> GlueJob:
    """The job without Spark: it fails the test if it gets as far as starting it."""
    return GlueJob(data_pipeline)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the job paused, without doing so.

    Its own `time` alone: other threads of this process sleep, too.
    """
    found: list[float] = []
    monkeypatch.setattr("workloads.glue.manifest.time", SimpleNamespace(sleep=found.append))
    return found


@pytest.fixture
def spark_job(data_pipeline: Pipeline, spark: SparkSession) -> GlueJob:
    """The job on Spark."""
    return GlueJob(data_pipeline, spark)


LEFT_OPEN = "unclosed <socket"
"""What Python says of the connections that pyspark leaves to the garbage collector."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Allow pyspark alone to leave its sockets open."""
    for item in items:
        if item.get_closest_marker("spark"):
            item.add_marker(pytest.mark.filterwarnings(f"ignore:{LEFT_OPEN}:ResourceWarning"))


@pytest.fixture(autouse=True)
def collected(request: pytest.FixtureRequest) -> Iterator[None]:
    """Collect what pyspark left open while it is allowed to, not in a later test."""
    yield
    if request.node.get_closest_marker("spark"):
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", LEFT_OPEN, ResourceWarning)
            gc.collect()
        # The next one has only to look at what came since. What Spark's session holds is not
        # looked at again: it ends with the process.
        gc.freeze()


@pytest.fixture(autouse=True)
def no_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No credential and no address of the machine's own reaches a test."""
    for name in list(os.environ):
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
