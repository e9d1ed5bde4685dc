"""The Python environments: made once, brought up to date in place, made anew when broken."""

from __future__ import annotations

import shutil
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

from local.setup import stamps
from local.setup.interpreters import for_airflow
from local.setup.paths import MAIN_ENVIRONMENT, REQUIREMENTS, ROOT, airflow_environment, python_of
from local.setup.problem import SetupProblem
from local.setup.processes import base_interpreter, run
from local.setup.progress import step

BOOTSTRAP_LOCK = REQUIREMENTS / "bootstrap.txt"
BUILD_LOCK = REQUIREMENTS / "build.txt"

_NETWORK_HINT = (
    "The package registry must be reachable; behind a mirror, set PIP_INDEX_URL and "
    "UV_DEFAULT_INDEX. The installer said:"
)
_PIP_OPTIONS = ("--require-hashes", "--only-binary=:all:", "--requirement")
_VENV_HINT = "On Debian and Ubuntu the package python3-venv may be missing. Python said:"


def uv(arguments: Sequence[str | Path], *, what: str) -> str:
    """Call the installer, which lives in `.venv`; never by its script (spaces break shebangs)."""
    return run([python_of(MAIN_ENVIRONMENT), "-m", "uv", *arguments], what=what, hint=_NETWORK_HINT)


class Environment(ABC):
    """A folder with an interpreter, and the lock files that say what is installed in it."""

    def __init__(self, name: str, folder: Path, locks: Sequence[Path]) -> None:
        self.name = name
        self.folder = folder
        self._locks = locks

    def ready(self) -> bool:
        """Whether it is complete and made from the lock files as they are now."""
        return self._sound() and stamps.read(self.folder) == self._wanted()

    @abstractmethod
    def prepare(self) -> None:
        """Provide the interpreter; what a sound environment has already."""

    def install(self) -> None:
        """Bring in what the lock files say, nothing else, and declare it finished."""
        stamps.remove(self.folder)
        with step(f"{self.name}: packages"):
            # Byte code now: where Python may not write any, each start would compile anew.
            command: list[str | Path] = ["pip", "sync", "--require-hashes", "--compile-bytecode"]
            command += ["--build-constraints", BUILD_LOCK]
            command += ["--python", python_of(self.folder), *self._locks]
            uv(command, what=f"Installing the packages of {self.name}")
        stamps.write(self.folder, self._wanted())

    def _sound(self) -> bool:
        """Whether it is complete, if perhaps of older lock files, and can be updated in place."""
        stamp = stamps.read(self.folder)
        return (
            stamp is not None
            and stamp.folder == str(self.folder)
            and stamp.python == _version_inside(self.folder)
            and python_of(self.folder).exists()
        )

    def _discard(self) -> None:
        """Remove what an interrupted or failed set-up left behind."""
        if self.folder.is_dir():
            stamps.remove(self.folder)
            shutil.rmtree(self.folder)

    def _wanted(self) -> stamps.Stamp:
        return stamps.Stamp(
            inputs=stamps.digest([*self._locks, BUILD_LOCK]),
            python=_version_inside(self.folder),
            folder=str(self.folder),
        )


class MainEnvironment(Environment):
    """`.venv`, made with the Python at hand.

    It keeps pip, which Pulumi's engine asks for the list of packages, and holds the installer of
    all environments.
    """

    def __init__(self) -> None:
        locks = [
            BOOTSTRAP_LOCK,
            ROOT / "requirements.txt",
            REQUIREMENTS / "local.txt",
            REQUIREMENTS / "development.txt",
        ]
        super().__init__(".venv", MAIN_ENVIRONMENT, locks)

    def prepare(self) -> None:
        """Provide an interpreter with pip and the installer."""
        if self._sound():
            return
        self._discard()
        with step(f"{self.name}: interpreter and installer"):
            run(
                [base_interpreter(), "-m", "venv", self.folder],
                what=f"Making the environment {self.name}",
                hint=_VENV_HINT,
            )
            run(
                [python_of(self.folder), "-m", "pip", "install", *_PIP_OPTIONS, BOOTSTRAP_LOCK],
                what="Installing uv",
                hint=_NETWORK_HINT,
            )


class AirflowEnvironment(Environment):
    """An Airflow with the packages that MWAA installs beside it."""

    def __init__(self, version: str) -> None:
        lock = REQUIREMENTS / f"airflow-{version}.txt"
        if not lock.is_file():
            raise SetupProblem(
                f"Airflow {version} has no lock file here. Allowed: "
                f"{', '.join(airflow_versions())}. To add one, write "
                f"requirements/airflow-{version}.in like its neighbours and call make lock."
            )
        super().__init__(f"Airflow {version}", airflow_environment(version), [lock])
        self._version = version

    def prepare(self) -> None:
        """Provide an interpreter that this Airflow runs on."""
        if self._sound():
            return
        interpreter = for_airflow(self._version)
        self._discard()
        uv(
            ["venv", "--quiet", "--python", interpreter.path, self.folder],
            what=f"Making the environment of {self.name}",
        )


def airflow_versions() -> list[str]:
    """The Airflow versions that there are lock files for."""
    files = REQUIREMENTS.glob("airflow-*.txt")
    return sorted(file.stem.removeprefix("airflow-") for file in files)


def _version_inside(folder: Path) -> str:
    """The interpreter's version as the environment itself notes it; empty without one."""
    try:
        lines = (folder / "pyvenv.cfg").read_text().splitlines()
    except OSError:
        return ""
    settings = dict(line.replace(" ", "").split("=", 1) for line in lines if "=" in line)
    return settings.get("version") or settings.get("version_info", "")
