"""A team's folder of code: the files that are packed, and where an archive of them is written.

Nothing here imports Pulumi.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path


def code_files(folder: Path) -> list[Path]:
    """The files that are packed: all but what Python compiles, which is never the same twice."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in found if "__pycache__" not in path.parts)


def lasting_file(name: str) -> Path:
    """The path of a new file of that name; what is written there stays until the program ends."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder / name
