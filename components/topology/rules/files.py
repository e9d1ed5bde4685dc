"""The files that a topology names: inside the project, there, and fit for Amazon MWAA."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from components.hub.settings import CONSTRAINTS_FOLDER, shipped_constraints
from components.topology.codes import Code
from components.topology.model import Environment
from components.topology.problems import KeyPath, Problem, refused
from components.topology.rules import project_paths

_PATH = ("hub", "environment")


def problems(environment: Environment, root: Path) -> Iterator[Problem]:
    """What is wrong with the requirements file and the start-up script, both under `root`."""
    requirements, path = environment.requirements_file, (*_PATH, "requirements_file")
    if requirements is not None:
        found = list(unusable(path, requirements, root))
        yield from found
        if not found:
            yield from _requirements(path, requirements, root, environment.airflow_version)
    if environment.startup_script_file is not None:
        path = (*_PATH, "startup_script_file")
        found = list(unusable(path, environment.startup_script_file, root))
        yield from found or _unreadable(path, environment.startup_script_file, root)


def unusable(path: KeyPath, name: str, root: Path) -> Iterator[Problem]:
    """A file that a topology names is in the project, and has some text."""
    wrong = list(project_paths.unusable(path, name, root, "file"))
    yield from wrong
    if not wrong and not _text(root / name).strip():
        yield from refused(
            path,
            Code.EMPTY_FILE,
            name,
            "is an empty file",
            advice="Fill it, or remove the key",
        )


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")


def _unreadable(path: KeyPath, name: str, root: Path) -> Iterator[Problem]:
    """The shell that runs the script on Amazon MWAA has to understand it, where there is one."""
    bash = shutil.which("bash")
    if bash is None:
        return
    # It is only read: `-n` runs no command.
    read = subprocess.run(  # noqa: S603 (a fixed command)
        [bash, "-n", root / name],
        env={"LC_ALL": "C"},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if read.returncode:
        (first, *_) = read.stderr.strip().splitlines() or ["it says nothing"]
        yield from refused(
            path,
            Code.NOT_A_SHELL_SCRIPT,
            name,
            f"is no script that bash understands: {first.removeprefix(f'{root / name}: ')}",
            expected="a script that `bash -n` accepts, as Amazon MWAA runs it in bash",
            advice="Correct the line",
        )


def _requirements(path: KeyPath, name: str, root: Path, airflow_version: str) -> Iterator[Problem]:
    text = _text(root / name)
    lines = [line.strip() for line in text.splitlines()]
    constraints = [line for line in lines if re.match(r"--constraint[ =]", line)]
    if not constraints:
        yield from refused(
            path,
            Code.NO_CONSTRAINT,
            name,
            "has no --constraint line (a comment doesn't count)",
            expected=f"the constraints of Airflow {airflow_version} for Python 3.12",
            advice="Add the line at the start of the file",
        )
    for line in constraints:
        named = re.search(r"constraints-(\d+\.\d+\.\d+)", line)
        if named and named[1] != airflow_version:
            yield from refused(
                path,
                Code.OTHER_CONSTRAINT,
                name,
                f"names the constraints of Airflow {named[1]}",
                expected=f"those of airflow_version, {airflow_version}",
                relies_on=((*_PATH, "airflow_version"),),
            )
    yield from _shipped(path, name, root, shipped_constraints(text))


def _shipped(path: KeyPath, name: str, root: Path, constraints: str | None) -> Iterator[Problem]:
    """Constraints that are named beside the DAGs have to be uploaded there."""
    if constraints is not None and not (root / CONSTRAINTS_FOLDER / constraints).is_file():
        yield from refused(
            path,
            Code.NO_SUCH_FILE,
            name,
            "names a constraints file beside the DAGs that the project doesn't have",
            expected=f"{CONSTRAINTS_FOLDER}/{constraints}",
            advice="Add this file, or name the constraints by their URL",
        )
