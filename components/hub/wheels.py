"""The wheels that the environment installs its requirements from, where it can't reach PyPI.

Nothing here imports Pulumi.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import NormalizedName, canonicalize_name, parse_wheel_filename
from packaging.version import Version

from components.hub.settings import PLUGINS_FOLDER

PYTHON = (3, 12)
"""Python of Amazon MWAA from Airflow 3.0 on: its user guide, "Apache Airflow versions"."""

GLIBC = (2, 34)
"""The C library of Amazon Linux 2023, on which Amazon MWAA runs Airflow, on x86_64."""

_OLDEST_GLIBC = 5
PLATFORMS = (
    *(f"manylinux_2_{minor}_x86_64" for minor in range(GLIBC[1], _OLDEST_GLIBC - 1, -1)),
    *("manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64", "linux_x86_64"),
)
"""The platforms whose wheels run there, the newest first."""

_MARKERS = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "platform_system": "Linux",
    "python_full_version": "3.12.0",
    "python_version": "3.12",
    "sys_platform": "linux",
}

Versions = Mapping[NormalizedName, Version]


def wheel_files(folder: Path) -> list[Path]:
    """The wheels that lie in `folder`; wheels below it aren't found by pip either."""
    return sorted(folder.glob("*.whl"))


def fits(wheel: str) -> bool:
    """Whether the environment can install the wheel of this file name; wrong names are none."""
    try:
        tags = parse_wheel_filename(wheel)[3]
    except ValueError:
        return False
    return not tags.isdisjoint(_tags())


@cache
def _tags() -> frozenset[Tag]:
    interpreter = f"cp{PYTHON[0]}{PYTHON[1]}"
    platforms = list(PLATFORMS)
    return frozenset(
        [
            *cpython_tags(PYTHON, platforms=platforms),
            *compatible_tags(PYTHON, interpreter=interpreter, platforms=platforms),
        ]
    )


def required(requirements: str) -> Iterator[Requirement | str]:
    """What a requirements file asks for in the environment; a line that isn't a name stays text.

    Lines of options, such as `--constraint`, are left out.
    """
    for line in requirements.replace("\\\n", "").splitlines():
        text = re.sub(r"(^|\s)#.*", "", line).strip()
        if not text or text.startswith("-"):
            continue
        try:
            requirement = Requirement(re.split(r"\s--", text)[0])
        except InvalidRequirement:
            yield text
            continue
        if requirement.marker is None or requirement.marker.evaluate(_MARKERS):
            yield text if requirement.url else requirement


def pinned(constraints: str) -> Versions:
    """The versions that a file of constraints asks for."""
    found: dict[NormalizedName, Version] = {}
    for each in required(constraints):
        if isinstance(each, Requirement):
            versions = [spec.version for spec in each.specifier if spec.operator == "=="]
            found |= {canonicalize_name(each.name): Version(version) for version in versions}
    return found


def installed_from_wheels(requirements: str) -> str:
    """The requirements file by which pip takes the wheels of plugins.zip, and nothing else."""
    return f"--no-index\n--find-links {PLUGINS_FOLDER}\n{requirements}"
