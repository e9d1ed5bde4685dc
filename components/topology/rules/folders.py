"""A folder that a topology names: inside the project, and there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from components.topology.codes import Code
from components.topology.problems import KeyPath, Problem, refused

_EXPECTED = "the path of a folder, relative to the project's directory"


def unusable(path: KeyPath, name: str, root: Path) -> Iterator[Problem]:
    """What is wrong with the folder `name` of the project, whose directory is `root`."""
    folder = root / name
    if not name.isprintable():
        yield from refused(
            path,
            Code.MALFORMED,
            name,
            "holds invisible characters",
            expected=_EXPECTED,
            advice="Remove these characters",
        )
    elif not _is_below(folder, root):
        yield from refused(
            path,
            Code.OUTSIDE_PROJECT,
            name,
            "is no folder within the project",
            expected=_EXPECTED,
            advice="Move the folder into the project",
        )
    elif not folder.is_dir():
        yield from refused(
            path,
            Code.NO_SUCH_FILE,
            name,
            "is not a folder",
            expected=_EXPECTED,
            advice="Create the folder, or correct the path",
        )


def _is_below(folder: Path, root: Path) -> bool:
    inside, project = folder.resolve(), root.resolve()
    return inside != project and inside.is_relative_to(project)
