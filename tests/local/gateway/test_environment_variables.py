"""Nothing of the caller's shell gets through."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.gateway import environment_variables
from local.gateway.settings import Settings

_SHELL = {
    "PATH": "/bin",
    "LANG": "en_US.UTF-8",
    "HOME": "/home/somebody",
    "AWS_PROFILE": "production",
    "AWS_ENDPOINT_URL": "https://example.com",
    "AIRFLOW__CORE__DAGS_FOLDER": "/dags",
    "PYTHONPATH": "/lib",
    "SPARK_HOME": "/spark",
    "JAVA_TOOL_OPTIONS": "-Xmx8g",
    "https_proxy": "http://proxy:3128",
    "DOCKER_HOST": "tcp://elsewhere",
}


def test_the_gateway_keeps_what_every_program_needs_and_no_more(tmp_path: Path) -> None:
    own = environment_variables.of_gateway(_SHELL, Settings(port=1, directory=tmp_path))
    kept = {name for name in _SHELL if own.get(name) == _SHELL[name]}
    assert kept == {"PATH", "LANG"}
    assert own["HOME"].startswith(str(tmp_path))
    assert (own["AUTH"], own["BIND_HOST"], own["GATEWAY_PORT"]) == ("true", "127.0.0.1", "1")


def test_a_child_finds_no_settings_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    own = environment_variables.of_child("glue/run", Settings(port=1, directory=tmp_path))
    assert "AWS_PROFILE" not in own
    assert own["HOME"] == str(tmp_path / "glue/run/home")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        assert Path(own[name]).read_text() == ""
