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
from local.run.data_files import DataFiles, read_data_files
from local.run.errors import UsageError
from local.run.run_directory import CHECKOUT, DEFAULT_DIRECTORY, RunDirectory

_YES = {"1", "true", "yes", "on"}
_NO = {"", "0", "false", "no", "off"}


@dataclass(frozen=True, kw_only=True)
class Options:
    """One run."""

    stack: str
    """A stack of the checkout, or the path of a stack file."""
    data: DataFiles
    """CSV files instead of the sample."""
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
        stack=given.stack,
        data=read_data_files(
            given.data,
            stack_text=_stack_file(given.stack).read_text(encoding="utf-8", errors="replace"),
            cleared=(run_directory.aws, run_directory.result),
        ),
        keep=given.keep,
        directory=directory,
    )


def _switch(environment: Mapping[str, str], name: str) -> bool:
    value = environment.get(name, "").strip().lower()
    if value not in _YES | _NO:
        raise UsageError(f"{name}={environment[name]} is not allowed; expected 1 (yes) or 0 (no)")
    return value in _YES


def _stack_file(name: str) -> Path:
    """The file of a stack; its content is checked later."""
    try:
        return stack_path(CHECKOUT, name)
    except DeploymentError as error:
        raise UsageError(str(error)) from error


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
