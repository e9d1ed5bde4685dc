"""A file or folder that a topology names: inside the project, and there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from components.topology.codes import Code
from components.topology.problems import KeyPath, Problem, refused

_OUTSIDE = {"file": "is outside the project", "folder": "is no folder within the project"}


def unusable(
    path: KeyPath, name: str, root: Path, kind: Literal["file", "folder"]
) -> Iterator[Problem]:
    """What is wrong with the file or folder `name` of the project, whose directory is `root`."""
    found, expected = root / name, f"the path of a {kind}, relative to the project's directory"
    if not name.isprintable():
        yield from refused(
            path,
            Code.MALFORMED,
            name,
            "holds invisible characters",
            expected=expected,
            advice="Remove these characters",
        )
    elif not found.resolve().is_relative_to(root.resolve()) or _is_project(found, root, kind):
        yield from refused(
            path,
            Code.OUTSIDE_PROJECT,
            name,
            _OUTSIDE[kind],
            expected=expected,
            advice=f"Move the {kind} into the project",
        )
    elif not (found.is_file() if kind == "file" else found.is_dir()):
        yield from refused(
            path,
            Code.NO_SUCH_FILE,
            name,
            f"is not a {kind}",
            expected=expected,
            advice=f"Create the {kind}, or correct the path",
        )


def _is_project(found: Path, root: Path, kind: str) -> bool:
    """Whether the project's own directory is named as a folder: it would be packed whole."""
    return kind == "folder" and found.resolve() == root.resolve()
