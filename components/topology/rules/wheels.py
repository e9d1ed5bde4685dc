"""Wheels in place of PyPI: all that the requirements ask for, and fit for Amazon MWAA."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

from components.hub.settings import CONSTRAINTS_FOLDER, DAGS_FOLDER, shipped_constraints
from components.hub.wheels import GLIBC, PYTHON, fits, pinned, required, wheel_files
from components.topology.codes import Code
from components.topology.model import Topology
from components.topology.problems import KeyPath, Problem, refused
from components.topology.rules import files, project_paths

WHEELS: KeyPath = ("hub", "environment", "wheels")
_REQUIREMENTS: KeyPath = ("hub", "environment", "requirements_file")
_SHOWN = 3
_MAKE = "`make wheels STACK=<stack>` downloads them"


def problems(topology: Topology, root: Path) -> Iterator[Problem]:
    """What is wrong with the folder of wheels, which is under `root`."""
    environment = topology.hub.environment
    name, requirements = environment.wheels, environment.requirements_file
    if name is None:
        return
    if requirements is None:
        yield from refused(
            WHEELS,
            Code.CONFLICTING_KEYS,
            name,
            "has the wheels of no requirements",
            expected="requirements_file beside it",
            advice="Name the requirements, or remove it",
            relies_on=(_REQUIREMENTS,),
        )
        return
    found = project_paths.unusable(WHEELS, name, root, "folder")
    # A folder that isn't there has no wheels, and is made where they are downloaded.
    wrong = [problem for problem in found if problem.code is not Code.NO_SUCH_FILE]
    yield from wrong
    if any(files.unusable(_REQUIREMENTS, requirements, root)):
        return  # the rules of files have said so
    text = (root / requirements).read_text(encoding="utf-8", errors="replace")
    if topology.hub.network.is_private and shipped_constraints(text) is None:
        yield from _unreachable(requirements, environment.airflow_version)
    if not wrong:
        wheels = [path.name for path in wheel_files(root / name)]
        yield from _unfit(name, [wheel for wheel in wheels if not fits(wheel)])
        fitting = [wheel for wheel in wheels if fits(wheel)]
        yield from _without_wheel(name, requirements, text, fitting)
        yield from _other_versions(name, text, fitting, root)


def _unreachable(requirements: str, version: str) -> Iterator[Problem]:
    yield from refused(
        _REQUIREMENTS,
        Code.NEEDS_INTERNET,
        requirements,
        "names no constraints that the environment reaches in a private network",
        expected=f'--constraint "{DAGS_FOLDER}/constraints-{version}.txt"',
        advice=f"The project has the file in {CONSTRAINTS_FOLDER}, and uploads it",
        relies_on=(("hub", "network", "mode"),),
    )


def _unfit(name: str, wheels: Sequence[str]) -> Iterator[Problem]:
    if wheels:
        python, glibc = (".".join(map(str, version)) for version in (PYTHON, GLIBC))
        yield from refused(
            WHEELS,
            Code.OTHER_PLATFORM,
            name,
            f"has what Amazon MWAA can't install: {_some(wheels)}",
            expected=f"wheels for Python {python} and Linux on x86_64, glibc {glibc} at most",
            advice=_MAKE,
        )


def _without_wheel(name: str, file: str, text: str, wheels: Sequence[str]) -> Iterator[Problem]:
    versions = [parse_wheel_filename(wheel)[:2] for wheel in wheels]
    lines: list[str] = []
    without: list[str] = []
    for each in required(text):
        if not isinstance(each, Requirement):
            lines.append(each)
        elif not any(
            project == canonicalize_name(each.name)
            and each.specifier.contains(version, prereleases=True)
            for project, version in versions
        ):
            without.append(str(each))
    if lines:
        yield from refused(
            _REQUIREMENTS,
            Code.MALFORMED,
            file,
            f"names what no wheel is found by: {_some(lines)}",
            expected="names of packages with their versions, such as humanize==4.13.0",
            advice=f"Put a wheel of your own into {name}, and name its package",
            relies_on=(WHEELS,),
        )
    if without:
        yield from refused(
            WHEELS,
            Code.NO_WHEEL,
            name,
            f"has no wheel of {_some(without)}",
            expected=f"a wheel of each package in {file}",
            advice=_MAKE,
            relies_on=(_REQUIREMENTS,),
        )


def _other_versions(name: str, text: str, wheels: Sequence[str], root: Path) -> Iterator[Problem]:
    """Pip would refuse them in the environment, which starts without any requirement then."""
    constraints = root / CONSTRAINTS_FOLDER / (shipped_constraints(text) or "")
    if not constraints.is_file():
        return
    wanted = pinned(constraints.read_text(encoding="utf-8"))
    other = []
    for wheel in wheels:
        project, version = parse_wheel_filename(wheel)[:2]
        if wanted.get(project, version) != version:
            other.append(f"{wheel} in place of {wanted[project]}")
    if other:
        yield from refused(
            WHEELS,
            Code.OTHER_CONSTRAINT,
            name,
            f"has other versions than {constraints.name}: {_some(other)}",
            advice=_MAKE,
            relies_on=(_REQUIREMENTS,),
        )


def _some(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
