"""plugins.zip, and the requirements that are installed from its wheels."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from components.hub.environment_files import EnvironmentFiles, EnvironmentFilesArgs
from components.hub.plugins import packed, plugin_files
from components.hub.wheels import pinned
from components.topology.model import Environment
from tests.components.hub.test_mwaa_hub import with_environment
from tests.components.pipeline_examples import provider, run
from tests.mocks import ROOT, Recorded

SHIPPED = '--constraint "/usr/local/airflow/dags/constraints-3.3.1.txt"\n'
FOLDERS = Environment(plugins="plugins", requirements_file="requirements.txt", wheels="wheels")
FILES = {
    "plugins/macros.py": "A = 1\n",
    "plugins/hooks/team.py": "",
    "plugins/__pycache__/macros.pyc": "",
    "wheels/humanize-4.16.0-py3-none-any.whl": "wheel",
    "wheels/requirements.lock": "",
    "requirements.txt": f"{SHIPPED}humanize\n",
    "workloads/mwaa/startup.sh": "#!/bin/sh\n",
    "workloads/mwaa/constraints-3.3.1.txt": "humanize==4.16.0\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path


def deployed(project: Path, environment: Environment) -> Recorded:
    args = EnvironmentFilesArgs(
        bucket_name="dags", bucket_ready=[], environment=environment, project_directory=project
    )
    return run(lambda: EnvironmentFiles("files", args, provider("111111111111", "us-east-1")))


def archive(project: Path) -> bytes:
    return packed(plugin_files(FOLDERS, project)).read_bytes()


def test_what_is_packed(project: Path) -> None:
    with zipfile.ZipFile(packed(plugin_files(FOLDERS, project))) as found:
        assert found.namelist() == [
            "hooks/team.py",
            "humanize-4.16.0-py3-none-any.whl",
            "macros.py",
        ]
        assert found.read("macros.py") == b"A = 1\n"
        assert {entry.external_attr >> 16 for entry in found.infolist()} == {0o644}


def test_another_day_or_owner_changes_nothing(project: Path) -> None:
    before = archive(project)
    file = project / "plugins/macros.py"
    os.utime(file, (0, 0))
    file.chmod(0o700)
    assert archive(project) == before
    file.write_text("A = 2\n", encoding="utf-8")
    assert archive(project) != before


def test_requirements_come_from_the_wheels_alone(project: Path) -> None:
    recorded = deployed(project, FOLDERS)
    assert recorded.one("BucketObjectv2", "files-requirements").inputs["content"].splitlines() == [
        "--no-index",
        "--find-links /usr/local/airflow/plugins",
        SHIPPED.strip(),
        "humanize",
    ]
    assert recorded.one("BucketObjectv2", "files-plugins").inputs["key"] == "plugins.zip"
    constraints = recorded.one("BucketObjectv2", "files-constraints")
    assert constraints.inputs["content"] == FILES["workloads/mwaa/constraints-3.3.1.txt"]


def test_without_wheels_they_come_from_pypi(project: Path) -> None:
    environment = Environment(plugins="plugins", requirements_file="requirements.txt")
    requirements = deployed(project, environment).one("BucketObjectv2", "files-requirements")
    assert requirements.inputs["content"] == FILES["requirements.txt"]


@pytest.mark.costly
def test_the_environment_is_given_the_version() -> None:
    recorded = with_environment(plugins="examples/runs_table")
    plugins = recorded.one("BucketObjectv2", "hub-files-plugins")
    environment = recorded.one("Environment")
    assert environment.inputs["pluginsS3Path"] == "plugins.zip"
    assert environment.inputs["pluginsS3ObjectVersion"] == plugins.outputs["versionId"]
    assert plugins.urn in environment.depends_on


def test_the_project_has_constraints_that_can_be_compared() -> None:
    for file in (ROOT / "workloads/mwaa").glob("constraints-*.txt"):
        assert len(pinned(file.read_text(encoding="utf-8"))) > 500
