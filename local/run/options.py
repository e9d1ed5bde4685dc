"""The options of a run: `make local STACK= DATA= KEEP=`, or the same as options.

The set-up reads it too, before any package is installed: the standard library is all it needs.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from local.deployment.errors import DeploymentError
from local.deployment.stack_path import stack_path
from local.run.errors import UsageError
from local.run.run_directory import CHECKOUT, DEFAULT_DIRECTORY, RunDirectory

_YES = {"1", "true", "yes", "on"}
_NO = {"", "0", "false", "no", "off"}


@dataclass(frozen=True, kw_only=True)
class Options:
    """One run."""

    stack: str
    """A stack of the checkout, or the path of a stack file."""
    data: Path | None
    """A CSV file instead of the sample."""
    keep: bool
    """Whether Airflow and the embedded AWS stay after the end."""
    directory: Path


@dataclass(frozen=True, kw_only=True)
class StopOptions:
    """What to end."""

    directory: Path


def read_options(arguments: Sequence[str], environment: Mapping[str, str]) -> Options | StopOptions:
    """Read the command line; an option that it lacks is read from the environment."""
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="deploy, and follow the data to the trained model")
    run.add_argument("--stack", default=environment.get("STACK") or "local")
    run.add_argument("--data", default=environment.get("DATA") or None)
    run.add_argument("--keep", action="store_true", default=_switch(environment, "KEEP"))
    stop = commands.add_parser("stop", help="end what a run left running")
    for command in (run, stop):
        command.add_argument("--directory", type=Path, default=DEFAULT_DIRECTORY)
    given = parser.parse_args(arguments)
    directory = given.directory.expanduser().resolve()
    if given.command == "stop":
        return StopOptions(directory=directory)
    run_directory = _run_directory(directory)
    return Options(
        stack=_stack(given.stack),
        data=_data_file(given.data, cleared=(run_directory.aws, run_directory.result)),
        keep=given.keep,
        directory=directory,
    )


def _switch(environment: Mapping[str, str], name: str) -> bool:
    value = environment.get(name, "").strip().lower()
    if value not in _YES | _NO:
        raise UsageError(f"{name}={environment[name]} is not allowed; expected 1 (yes) or 0 (no)")
    return value in _YES


def _stack(name: str) -> str:
    """A stack that has a file; its content is checked later."""
    try:
        stack_path(CHECKOUT, name)
    except DeploymentError as error:
        raise UsageError(str(error)) from error
    return name


def _run_directory(directory: Path) -> RunDirectory:
    """The run directory; refuses one with an `aws` or `result` to clear that no run has made."""
    if directory.exists() and not directory.is_dir():
        raise UsageError(f"--directory {directory} is a file: name a new or an empty directory")
    run_directory = RunDirectory(directory)
    for folder in (run_directory.aws, run_directory.result):
        if folder.exists() and not run_directory.lock.exists():
            raise UsageError(
                f"--directory {directory}: no local run made the {folder.name} in it, which this "
                "one would clear: name a new or an empty directory"
            )
    return run_directory


def _data_file(name: str | None, *, cleared: Sequence[Path]) -> Path | None:
    if name is None:
        return None
    path = Path(name).expanduser().resolve()
    for folder in cleared:
        if path.is_relative_to(folder):
            raise UsageError(
                f"DATA: {path} lies in {folder}, which every run clears first: copy it elsewhere"
            )
    if path.is_dir():
        raise UsageError(f"DATA: {path} is a directory: give the path of a CSV with a header")
    if not path.is_file():
        raise UsageError(f"DATA: there is no file {path}: give the path of a CSV with a header")
    try:
        with path.open("rb") as file:
            first = file.read(1)
    except OSError as error:
        raise UsageError(f"DATA: {path} can't be read: {error.strerror}") from error
    if not first:
        raise UsageError(f"DATA: {path} is empty: give a CSV with a header")
    return path
