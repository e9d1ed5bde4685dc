"""`make wheels` and `make requirements`, by the real uv and pip: no network."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from local import requirements, wheels
from tests.mocks import ROOT

SHIPPED = '--constraint "/usr/local/airflow/dags/constraints-3.3.1.txt"\n'


def wheel(folder: Path, name: str, version: str, *requires: str) -> Path:
    """A wheel without code."""
    file = folder / f"{name}-{version}-py3-none-any.whl"
    head = f"{name}-{version}.dist-info"
    needs = "".join(f"Requires-Dist: {each}\n" for each in requires)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(
            f"{head}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}"
        )
        archive.writestr(f"{head}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{head}/RECORD", "")
    return file


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose packages are in its folder of wheels; no index is asked."""
    monkeypatch.setattr(wheels, "ROOT", tmp_path)
    monkeypatch.setattr(requirements, "ROOT", tmp_path)
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    (tmp_path / "Pulumi.yaml").write_text((ROOT / "Pulumi.yaml").read_text())
    (tmp_path / "workloads/mwaa").mkdir(parents=True)
    (tmp_path / "workloads/mwaa/constraints-3.3.1.txt").write_text("team-tools<2\n")
    (tmp_path / "requirements.txt").write_text(f"{SHIPPED}team-tools\n")
    (tmp_path / "wheels").mkdir()
    return tmp_path


def stack_file(project: Path, **environment: Any) -> str:
    topology = {
        "accounts": {"central": {"id": "111111111111"}},
        "hub": {"account": "central", "region": "us-east-1", "environment": environment},
        "data_pipelines": {"east1": {"account": "central", "region": "us-east-1"}},
    }
    file = project / "Pulumi.try.yaml"
    file.write_text(json.dumps({"config": {"unified-pipelines:topology": topology}}))
    return str(file)


def called(project: Path, **environment: Any) -> int:
    return wheels.main([stack_file(project, **environment)])


def found(project: Path) -> list[str]:
    return sorted(file.name for file in (project / "wheels").iterdir())


FOLDER = {"requirements_file": "requirements.txt", "wheels": "wheels"}


@pytest.mark.verification
def test_the_versions_that_hold_in_the_environment_stay(project: Path) -> None:
    folder = project / "wheels"
    needs = ("helper; python_version >= '3.12'", "windows; sys_platform == 'win32'")
    wheel(folder, "team_tools", "1.0", *needs)
    wheel(folder, "team_tools", "1.5", *needs)
    wheel(folder, "team_tools", "2.0", *needs)
    wheel(folder, "helper", "0.1")
    assert called(project, **FOLDER) == 0
    assert found(project) == [
        "helper-0.1-py3-none-any.whl",
        "requirements.lock",
        "team_tools-1.5-py3-none-any.whl",
    ]
    wheel(folder, "team_tools", "1.6", *needs)
    assert called(project, **FOLDER) == 0
    assert "team_tools-1.5-py3-none-any.whl" in found(project)
    (folder / "requirements.lock").unlink()
    wheel(folder, "team_tools", "1.6", *needs)
    assert called(project, **FOLDER) == 0
    assert "team_tools-1.6-py3-none-any.whl" in found(project)


def test_a_package_without_a_wheel_changes_nothing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = wheel(project / "wheels", "other", "1.0")
    assert called(project, **FOLDER) == 1
    assert found(project) == [other.name]
    said = capsys.readouterr().err
    assert "Resolving the requirements failed" in said
    assert "team-tools" in said


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "the stack names no wheels"),
        ({**FOLDER, "min_workers": 30}, "hub.environment.min_workers"),
        ({**FOLDER, "wheels": "../wheels"}, "is no folder within the project"),
        ({**FOLDER, "unknown": 1}, "unknown key"),
    ],
)
def test_a_stack_in_which_something_else_is_wrong(
    project: Path, capsys: pytest.CaptureFixture[str], environment: dict[str, Any], said: str
) -> None:
    assert called(project, **environment) == 1
    assert said in capsys.readouterr().err
    assert found(project) == []


def test_requirements_that_resolve_on_the_stacks_airflow(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wheel(project / "wheels", "team_tools", "1.5", "helper")
    wheel(project / "wheels", "helper", "0.1")
    assert requirements.main([stack_file(project, **FOLDER)]) == 0
    said = capsys.readouterr().out
    assert said == (
        "requirements: requirements.txt resolves on Airflow 3.3.1, packages with their"
        " dependencies: 2\n"
    )


def test_requirements_that_the_constraints_rule_out(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wheel(project / "wheels", "team_tools", "1.5", "apache-airflow<3")
    assert requirements.main([stack_file(project, **FOLDER)]) == 1
    said = capsys.readouterr().err
    assert "Resolving the requirements failed" in said
    assert "apache-airflow==3.3.1" in said


def test_a_stack_without_requirements(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert requirements.main([stack_file(project)]) == 1
    assert "the stack names no requirements_file" in capsys.readouterr().err
