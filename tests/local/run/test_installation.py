"""What a run installs before it begins, where that fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.deployment.stopping import Stop
from local.run import installation
from local.run.errors import RunError
from local.run.installation import install


def test_everything_that_may_have_failed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "local").mkdir()
    (tmp_path / "local" / "bootstrap.py").write_text("raise SystemExit(1)\n")
    monkeypatch.setattr(installation, "CHECKOUT", tmp_path)

    with pytest.raises(RunError) as failure:
        install("3.3.1", Stop())

    assert str(failure.value) == (
        "not all of .venv, Spark's jars and Airflow 3.3.1 could be installed: the lines above say"
        " which could not, and why"
    )
