"""How long the environments take to make, and to find that they are there."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import ROOT, Figure, median, printed, seconds
from components.topology.model import Environment

_INSTALL = ("local/bootstrap.py", "install", "--spark", "--airflow")
_ARGUMENTS = (*_INSTALL, Environment().airflow_version)
_NOT_COPIED = (".git", ".venv", ".local", ".hypothesis", "__pycache__", ".*_cache")


def figures() -> Iterator[Figure]:
    """Everything in a fresh copy of the checkout; then here, where it is ready."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "checkout")
        shutil.copytree(ROOT, copy, symlinks=True, ignore=shutil.ignore_patterns(*_NOT_COPIED))
        yield Figure(
            what="set-up for make local in a fresh copy",
            value=seconds(lambda: printed([_interpreter(), *_ARGUMENTS], cwd=copy)),
            target=60,
        )
    yield Figure(
        what="set-up where everything is ready",
        value=median(lambda: seconds(lambda: printed([_interpreter(), *_ARGUMENTS]))),
        target=0.5,
    )


def _interpreter() -> str:
    """The Python that the environment was made with, as a user calls it."""
    return getattr(sys, "_base_executable", None) or sys.executable
