"""Spark's settings for a job run."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.gateway.glue import spark
from local.gateway.settings import Settings


@pytest.mark.parametrize(("source_bytes", "compiles_fully"), [(0, False), (spark.MUCH, True)])
def test_java_compiles_fully_where_it_pays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source_bytes: int, *, compiles_fully: bool
) -> None:
    # Without Spark's jars, which the quick tests don't install.
    monkeypatch.setattr(spark, "JARS", tmp_path)
    (tmp_path / "hadoop-aws.jar").touch()
    found = spark.defaults(Settings(port=1, directory=tmp_path), tmp_path, source_bytes)
    options = found["spark.driver.extraJavaOptions"]
    assert ("TieredStopAtLevel" not in options) == compiles_fully
