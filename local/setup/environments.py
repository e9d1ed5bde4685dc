"""The Python environments: made once, brought up to date in place, made again when broken."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from local.setup.paths import MAIN_ENVIRONMENT, REQUIREMENTS, ROOT, airflow_environment, python_of
from local.setup.problem import SetupProblem
from local.setup.processes import base_interpreter, run, step, uv

BOOTSTRAP_LOCK = REQUIREMENTS / "bootstrap.txt"
BUILD_LOCK = REQUIREMENTS / "build.txt"
MARK = ".made-from"

_MWAA_PYTHON = "3.12"
# Airflow 3.0.6 excludes 3.13, where its pinned grpcio would have to be compiled.
_SUPPORTED = {"3.0.6": ">=3.11,<3.13"}
_USUALLY_SUPPORTED = ">=3.11,<3.15"


class NoInterpreter(SetupProblem):
    """No Python on this machine runs that Airflow."""


class PythonEnvironment(ABC):
    """A folder with an interpreter, and the lock files that say what is installed in it."""

    def __init__(self, name: str, folder: Path, locks: Sequence[Path]) -> None:
        self.name = name
        self.folder = folder
        self._locks = locks

    def ready(self) -> bool:
        """Whether it is whole and made from the lock files as they are now."""
        return self._whole() and self._mark() == self._wanted()

    async def prepare(self) -> None:
        """Provide an interpreter, in an empty folder unless an older environment can be kept."""
        self._refuse_link()
        if not self._whole():
            await self._create()

    async def install(self) -> None:
        """Install exactly what the lock files say, and mark the environment as finished."""
        (self.folder / MARK).unlink(missing_ok=True)
        with step(f"{self.name}: packages"):
            # No bytecode: Python writes it on first use, of a fraction of what is installed.
            options: list[str | Path] = ["--require-hashes"]
            options += ["--build-constraints", BUILD_LOCK, "--python", python_of(self.folder)]
            what = f"Installing the packages of {self.name}"
            await uv(["pip", "sync", *options, *self._locks], what=what)
        (self.folder / MARK).write_text("\n".join(self._wanted()))

    @abstractmethod
    async def _create(self) -> None: ...

    def _refuse_link(self) -> None:
        """Another checkout may use the environment behind a link: making it here would empty it."""
        if self.folder.is_symlink() and not self.ready():
            raise SetupProblem(
                f"{self.folder} is a link to {self.folder.resolve()}; expected a folder of this "
                f"checkout: remove the link and call make again."
            )

    def _whole(self) -> bool:
        """Whether it was finished once, here (scripts hold absolute paths), with this Python."""
        parts = (python_of(self.folder), self.folder / "pyvenv.cfg")
        return all(part.exists() for part in parts) and self._mark()[:2] == self._made_with()

    def _made_with(self) -> list[str]:
        """Its folder, its Python's version, and the name of the file that is its Python.

        `venv --upgrade` changes the version; an upgrade of the system changes what the link names.
        """
        lines = (self.folder / "pyvenv.cfg").read_text().splitlines()
        settings = dict(line.split(" = ", 1) for line in lines if " = " in line)
        version = settings.get("version") or settings.get("version_info", "")
        return [str(self.folder), f"{version} {python_of(self.folder).resolve().name}"]

    def _mark(self) -> list[str]:
        with suppress(OSError):
            return (self.folder / MARK).read_text().splitlines()
        return []

    def _wanted(self) -> list[str]:
        digest = hashlib.sha256(b"".join(lock.read_bytes() for lock in [*self._locks, BUILD_LOCK]))
        return [*self._made_with(), digest.hexdigest()]


class MainEnvironment(PythonEnvironment):
    """`.venv`, made with the Python at hand; it holds uv, and pip, which Pulumi's engine calls."""

    def __init__(self) -> None:
        locks = [
            BOOTSTRAP_LOCK,
            ROOT / "requirements.txt",
            REQUIREMENTS / "local.txt",
            REQUIREMENTS / "development.txt",
        ]
        super().__init__(".venv", MAIN_ENVIRONMENT, locks)

    async def _create(self) -> None:
        with step(f"{self.name}: interpreter and uv"):
            venv: list[str | Path] = [base_interpreter(), "-m", "venv", "--clear", self.folder]
            await run(venv, what=f"Making the environment {self.name}")
            pip: list[str | Path] = [python_of(self.folder), "-m", "pip", "install"]
            pip += ["--require-hashes", "--only-binary=:all:", "--requirement", BOOTSTRAP_LOCK]
            await run(pip, what="Installing uv", hint="Behind a mirror, set PIP_INDEX_URL.")


class AirflowEnvironment(PythonEnvironment):
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

    async def _create(self) -> None:
        interpreter = await self._interpreter()
        what = f"Making the environment of {self.name}"
        await uv(["venv", "--clear", "--python", interpreter, self.folder], what=what)

    async def _interpreter(self) -> str:
        """MWAA's own Python where this machine has it, else another that this Airflow runs on."""
        supported = _SUPPORTED.get(self._version, _USUALLY_SUPPORTED)
        for wanted in (_MWAA_PYTHON, supported):
            with suppress(SetupProblem):
                found = await uv(["python", "find", "--system", wanted], what="Finding a Python")
                return found.strip()
        raise NoInterpreter(
            f"{self.name} runs on Python {supported}, and uv finds none on this machine. Install "
            f"one, for example python{_MWAA_PYTHON}, and call make again."
        )


def airflow_versions() -> list[str]:
    """The Airflow versions that there are lock files for."""
    files = REQUIREMENTS.glob("airflow-*.txt")
    return sorted(file.stem.removeprefix("airflow-") for file in files)
