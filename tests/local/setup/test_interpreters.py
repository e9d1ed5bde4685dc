"""The Python that an Airflow gets is one that was started and works."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.setup import interpreters
from local.setup.interpreters import NoInterpreter, for_airflow


def python(folder: Path, name: str, version: str) -> Path:
    """A program that answers as a Python of that version; without one, it fails."""
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / name
    answer = f"echo {version}; echo '{program}'" if version else "exit 1"
    program.write_text(f"#!/bin/sh\n{answer}\n")
    program.chmod(0o755)
    return program


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose only Python is the one in use, a 3.13; `bin` is on its PATH."""
    in_use = python(tmp_path / "in use", "python3", "3.13.1")
    monkeypatch.setattr(interpreters, "base_interpreter", lambda: str(in_use))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{tmp_path / 'other bin'}")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("PYENV_ROOT", "XDG_DATA_HOME", "UV_PYTHON_INSTALL_DIR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_the_one_in_use_will_do(machine: Path) -> None:
    found = for_airflow("3.2.1")
    assert (found.path, found.version) == (machine / "in use" / "python3", "3.13.1")


def test_that_of_amazon_mwaa_is_preferred(machine: Path) -> None:
    python(machine / "bin", "python3.11", "3.11.9")
    twelve = python(machine / "bin", "python3.12", "3.12.4")
    assert for_airflow("3.2.1").path == twelve


def test_airflow_3_0_6_gets_no_newer_one(machine: Path) -> None:
    eleven = python(machine / "other bin", "python3.11", "3.11.9")
    assert for_airflow("3.0.6").path == eleven


@pytest.mark.parametrize("version", ["", "3.11.9"])
def test_a_shim_that_fails_or_lies_is_passed_over(machine: Path, version: str) -> None:
    python(machine / "bin", "python3.12", version)
    good = python(machine / "other bin", "python3.12", "3.12.4")
    assert for_airflow("3.2.1").path == good


@pytest.mark.parametrize(
    "versions",
    [
        "home/.pyenv/versions/3.12.4",
        "home/.local/share/uv/python/cpython-3.12.4-linux-x86_64-gnu",
    ],
)
def test_version_managers_are_searched(machine: Path, versions: str) -> None:
    managed = python(machine / versions / "bin", "python3.12", "3.12.4")
    assert for_airflow("3.0.6").path == managed


def test_without_any_it_says_which_would_do_and_what_to_do(machine: Path) -> None:
    with pytest.raises(NoInterpreter) as problem:
        for_airflow("3.0.6")
    said = str(problem.value)
    assert said.startswith("Airflow 3.0.6 runs on Python 3.11, 3.12, and this machine has none")
    assert str(machine / "in use" / "python3") in said
    assert "Install one, for example python3.12" in said
