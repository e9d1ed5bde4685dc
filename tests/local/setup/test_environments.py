"""An environment is used as it is only if it is whole and made of the lock files of now."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from local.setup import environments
from local.setup.environments import MARK, AirflowEnvironment, NoInterpreter
from local.setup.paths import python_of
from local.setup.problem import SetupProblem


class Installer:
    """Stands in for uv: it makes folders as uv does, and notes what it is asked for."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.fails = False
        self.pythons = {"3.12", ">=3.11,<3.13", ">=3.11,<3.15"}
        """The requests for which this machine has a Python."""

    async def __call__(self, arguments: Sequence[str | Path], *, what: str) -> str:
        call = [str(argument) for argument in arguments]
        self.calls.append(call)
        if self.fails:
            raise SetupProblem(f"{what} failed.")
        if call[:2] == ["python", "find"]:
            return self._find(call[-1])
        if call[0] == "venv":
            folder = Path(call[-1])
            shutil.rmtree(folder, ignore_errors=True)
            python_of(folder).parent.mkdir(parents=True)
            python_of(folder).touch()
            (folder / "pyvenv.cfg").write_text("home = /usr/bin\nversion_info = 3.12.4\n")
        return ""

    def _find(self, request: str) -> str:
        if request not in self.pythons:
            raise SetupProblem("No interpreter found.")
        return f"/usr/bin/python for {request}\n"

    @property
    def subcommands(self) -> list[str]:
        return [call[0] for call in self.calls]


@pytest.fixture
def installer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installer:
    requirements = tmp_path / "requirements"
    requirements.mkdir()
    for name in ("airflow-3.2.1.txt", "airflow-3.0.6.txt", "build.txt"):
        (requirements / name).write_text(f"{name} as locked\n")
    installer = Installer()
    monkeypatch.setattr(environments, "REQUIREMENTS", requirements)
    monkeypatch.setattr(environments, "BUILD_LOCK", requirements / "build.txt")
    monkeypatch.setattr(environments, "airflow_environment", lambda version: tmp_path / version)
    monkeypatch.setattr(environments, "uv", installer)
    return installer


@pytest.fixture
def finished(installer: Installer) -> AirflowEnvironment:
    """An environment that is ready, with a file in it that tells whether it was kept."""
    environment = AirflowEnvironment("3.2.1")
    make(environment)
    (environment.folder / "kept").touch()
    installer.calls.clear()
    return environment


def make(environment: AirflowEnvironment) -> None:
    async def prepare_and_install() -> None:
        await environment.prepare()
        await environment.install()

    asyncio.run(prepare_and_install())


def kept(environment: AirflowEnvironment) -> bool:
    return (environment.folder / "kept").exists()


def test_it_is_made_once(installer: Installer) -> None:
    environment = AirflowEnvironment("3.2.1")
    assert not environment.ready()
    make(environment)
    assert environment.ready()
    assert AirflowEnvironment("3.2.1").ready()
    assert installer.subcommands == ["python", "venv", "pip"]
    lock = environments.BUILD_LOCK.parent / "airflow-3.2.1.txt"
    assert installer.calls[-1][:3] == ["pip", "sync", "--require-hashes"]
    assert installer.calls[-1][-1] == str(lock)


@pytest.mark.parametrize("lock", ["airflow-3.2.1.txt", "build.txt"])
def test_a_changed_lock_updates_it_in_place(
    finished: AirflowEnvironment, installer: Installer, lock: str
) -> None:
    (environments.BUILD_LOCK.parent / lock).write_text("another version\n")
    assert not finished.ready()
    make(finished)
    assert finished.ready()
    assert kept(finished)
    assert installer.subcommands == ["pip"]


def test_another_version_s_lock_is_none_of_its_business(finished: AirflowEnvironment) -> None:
    (environments.BUILD_LOCK.parent / "airflow-3.0.6.txt").write_text("another version\n")
    assert finished.ready()


@pytest.mark.parametrize("broken", ["bin/python", "pyvenv.cfg", MARK])
def test_a_broken_one_is_made_again(
    finished: AirflowEnvironment, installer: Installer, broken: str
) -> None:
    (finished.folder / broken).unlink()
    assert not finished.ready()
    make(finished)
    assert finished.ready()
    assert not kept(finished)
    assert installer.subcommands == ["python", "venv", "pip"]


@pytest.mark.parametrize("content", ["", "{}", "/another/folder\nsome digest"])
def test_a_damaged_mark_is_none(
    finished: AirflowEnvironment, installer: Installer, content: str
) -> None:
    (finished.folder / MARK).write_text(content)
    assert not finished.ready()
    make(finished)
    assert not kept(finished)


def test_a_moved_one_is_made_again(
    finished: AirflowEnvironment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "moved checkout"
    finished.folder.rename(elsewhere)
    monkeypatch.setattr(environments, "airflow_environment", lambda _: elsewhere)
    moved = AirflowEnvironment("3.2.1")
    assert not moved.ready()
    make(moved)
    assert moved.ready()
    assert not kept(moved)


@pytest.mark.parametrize("lock_changed", [False, True])
def test_a_link_to_another_checkout_s_is_refused_and_what_it_names_is_kept(
    finished: AirflowEnvironment, tmp_path: Path, installer: Installer, *, lock_changed: bool
) -> None:
    link = AirflowEnvironment("3.0.6")
    link.folder.symlink_to(finished.folder)
    if lock_changed:
        (finished.folder / MARK).write_text("\n".join(link._wanted()))
        (environments.BUILD_LOCK.parent / "airflow-3.0.6.txt").write_text("another version\n")
    before = (finished.folder / MARK).read_text()
    with pytest.raises(SetupProblem) as problem:
        make(link)
    assert f"{link.folder} is a link to {finished.folder}" in str(problem.value)
    assert "expected a folder of this checkout: remove the link" in str(problem.value)
    assert installer.calls == []
    assert kept(finished)
    assert (finished.folder / MARK).read_text() == before


def test_a_link_is_used_where_nothing_would_be_made(
    finished: AirflowEnvironment, tmp_path: Path, installer: Installer
) -> None:
    finished.folder.rename(tmp_path / "elsewhere")
    finished.folder.symlink_to(tmp_path / "elsewhere")
    asyncio.run(finished.prepare())
    assert finished.ready()
    assert installer.calls == []


def test_another_version_of_its_interpreter_makes_it_anew(finished: AirflowEnvironment) -> None:
    """As `python3.13 -m venv --upgrade` leaves it."""
    (finished.folder / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.13.1\n")
    assert not finished.ready()
    make(finished)
    assert finished.ready()
    assert not kept(finished)


def test_another_file_behind_its_interpreter_makes_it_anew(
    finished: AirflowEnvironment, tmp_path: Path
) -> None:
    """As an upgrade of the system leaves it, which moves /usr/bin/python3."""
    (tmp_path / "python3.13").touch()
    python_of(finished.folder).unlink()
    python_of(finished.folder).symlink_to(tmp_path / "python3.13")
    assert not finished.ready()
    make(finished)
    assert finished.ready()
    assert not kept(finished)


def test_a_failed_installation_leaves_it_unfinished(
    finished: AirflowEnvironment, installer: Installer
) -> None:
    installer.fails = True
    with pytest.raises(SetupProblem, match=r"Installing the packages of Airflow 3\.2\.1"):
        asyncio.run(finished.install())
    assert not finished.ready()


@pytest.mark.parametrize(
    ("version", "pythons", "taken"),
    [
        ("3.2.1", {"3.12", ">=3.11,<3.15"}, "3.12"),
        ("3.2.1", {">=3.11,<3.15"}, ">=3.11,<3.15"),
        ("3.0.6", {">=3.11,<3.13", ">=3.11,<3.15"}, ">=3.11,<3.13"),
    ],
)
def test_mwaa_s_python_comes_first_and_then_any_that_runs_this_airflow(
    installer: Installer, version: str, pythons: set[str], taken: str
) -> None:
    installer.pythons = pythons
    make(AirflowEnvironment(version))
    (venv,) = (call for call in installer.calls if call[0] == "venv")
    assert venv[venv.index("--python") + 1] == f"/usr/bin/python for {taken}"


def test_without_a_python_it_says_which_would_do_and_what_to_do(installer: Installer) -> None:
    installer.pythons = {">=3.11,<3.15"}
    with pytest.raises(NoInterpreter) as problem:
        make(AirflowEnvironment("3.0.6"))
    said = str(problem.value)
    assert said.startswith("Airflow 3.0.6 runs on Python >=3.11,<3.13, and uv finds none")
    assert "Install one, for example python3.12" in said


def test_a_version_without_a_lock_is_refused_with_those_there_are(installer: Installer) -> None:
    with pytest.raises(SetupProblem) as problem:
        AirflowEnvironment("2.11.0")
    said = str(problem.value)
    assert said.startswith("Airflow 2.11.0 has no lock file here. Allowed: 3.0.6, 3.2.1.")
    assert "requirements/airflow-2.11.0.in" in said
