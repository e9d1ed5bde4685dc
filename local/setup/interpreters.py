"""Finds a Python that an Airflow version runs on. Nothing is downloaded."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from local.setup.problem import SetupProblem
from local.setup.processes import base_interpreter

# MWAA's own Python first. The lock files hold from 3.11 on. Airflow 3.0.6 excludes 3.13, where its
# pinned grpcio would have to be compiled, for more than ten minutes.
PREFERRED = ("3.12", "3.11", "3.13", "3.14")
_SUPPORTED = {"3.0.6": ("3.12", "3.11")}

# Airflow needs SQLite and TLS; a self-built Python may lack either. A shim may not work at all.
_PROBE = """
import sys, sqlite3, ssl, venv
print("%d.%d.%d" % sys.version_info[:3])
print(getattr(sys, "_base_executable", None) or sys.executable)
"""
_PROBE_SECONDS = 20


class NoInterpreter(SetupProblem):
    """No Python on this machine runs that Airflow."""


@dataclass(frozen=True)
class Interpreter:
    """A Python that was started and works."""

    path: Path
    version: str

    @property
    def minor(self) -> str:
        """Its version without the last number."""
        return self.version.rpartition(".")[0]


def for_airflow(version: str) -> Interpreter:
    """The best Python on this machine for that Airflow."""
    supported = _SUPPORTED.get(version, PREFERRED)
    for minor in supported:
        for candidate in _candidates(minor):
            found = _probe(candidate)
            if found and found.minor == minor:
                return found
    allowed = ", ".join(sorted(supported))
    raise NoInterpreter(
        f"Airflow {version} runs on Python {allowed}, and this machine has none of them on PATH or "
        f"in pyenv's folder ({base_interpreter()} is the one in use). Install one, for example "
        f"python{supported[0]} from your system's packages, and call make again."
    )


def _candidates(minor: str) -> Iterator[Path]:
    """Where a Python of that version may be, the likeliest first."""
    yield Path(base_interpreter())
    for folder in os.get_exec_path():
        candidate = Path(folder) / f"python{minor}"
        if candidate.is_file():
            yield candidate
    for versions in _version_folders():
        for home in sorted(versions.glob(f"*{minor}.*"), reverse=True):
            candidate = home / "bin" / f"python{minor}"
            if candidate.is_file():
                yield candidate


def _version_folders() -> Iterator[Path]:
    """Folders of version managers (pyenv, uv), which show only the active Python on PATH."""
    home = Path.home()
    yield Path(os.environ.get("PYENV_ROOT") or home / ".pyenv") / "versions"
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    yield Path(os.environ.get("UV_PYTHON_INSTALL_DIR") or data / "uv" / "python")


def _probe(candidate: Path) -> Interpreter | None:
    """The interpreter at that path, if it starts and has what Airflow needs."""
    try:
        probe = subprocess.run(
            [candidate, "-I", "-c", _PROBE],
            capture_output=True,
            text=True,
            timeout=_PROBE_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    version, _, path = probe.stdout.strip().partition("\n")
    return Interpreter(Path(path), version)
